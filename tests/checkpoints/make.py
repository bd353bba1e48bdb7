"""Writes the tiny checkpoints of this folder, the reference figures beside them, and `chat.json`.

In: nothing but seeds. Out: one folder per architecture with config.json, weights in the Hugging Face layout and expected.json: the natural
log-probabilities of every next token after every prefix of three rows of unequal length, computed by `transformers` in double precision.
chat.json holds conversations as `apply_chat_template` renders them. Run again with `pip install torch transformers`; the committed files
came from torch 2.15 and transformers 5.24. The Rust tests read the files and need no Python.
"""

import datetime
import json
import pathlib
import shutil

import tokenizers
import torch
import transformers
from tokenizers import decoders, models, normalizers, pre_tokenizers, processors, trainers

HERE = pathlib.Path(__file__).parent
SMALL = dict(
    hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2, vocab_size=64,
    max_position_embeddings=64, bos_token_id=1, eos_token_id=2, pad_token_id=0, tie_word_embeddings=False,
)
ROWS = [[5], [7, 7, 9, 1, 60, 3, 12], [(place * 37 + 5) % 64 for place in range(30)]]


def write(name, config, dtype=torch.float32, shard="1GB", tokenizer=None):
    torch.manual_seed(len(name) + 7)
    model = transformers.AutoModelForCausalLM.from_config(config, attn_implementation="eager").eval()
    with torch.no_grad():
        for key, weight in model.named_parameters():
            middle = 1.0 if "norm" in key and key.endswith("weight") and "gemma" not in config.model_type else 0.0
            weight.copy_(middle + torch.randn_like(weight) * (0.1 if "norm" in key else 0.25))
    folder = HERE / name
    shutil.rmtree(folder, ignore_errors=True)
    model.to(dtype).save_pretrained(folder, max_shard_size=shard)
    (tokenizer or letter_tokenizer()).save(str(folder / "tokenizer.json"))
    # The rotary frequencies are made anew: those of the model went through the weights' precision.
    exact = transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float64, attn_implementation="eager").eval()
    with torch.no_grad():
        rows = [torch.log_softmax(exact(torch.tensor([row])).logits[0], -1) for row in ROWS]
    expected = [[[round(value, 5) for value in position] for position in row.tolist()] for row in rows]
    (folder / "expected.json").write_text(json.dumps({"rows": ROWS, "logprobs": expected}, separators=(",", ":")))
    size = sum(file.stat().st_size for file in folder.iterdir())
    assert size < 200_000, (name, size)
    print(f"{name:14} {size:7} bytes")


def letter_tokenizer():
    """A token for each letter, 64 with the special ones."""
    letters = ["<unk>", "<s>", "</s>"] + [chr(code) for code in range(ord("a"), ord("z") + 1)]
    letters += [chr(code) for code in range(ord("A"), ord("Z") + 1)] + list(" .,?!äöüß")
    tokenizer = tokenizers.Tokenizer(models.BPE({letter: place for place, letter in enumerate(letters)}, [], unk_token="<unk>"))
    tokenizer.add_special_tokens(letters[:3])
    tokenizer.decoder = decoders.Fuse()
    return tokenizer


def byte_level_tokenizer():
    """A byte-level BPE as Qwen2 has it, on a few sentences of our own."""
    tokenizer = tokenizers.Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.NFC()
    split = (
        r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(tokenizers.Regex(split), "isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
    ])
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    trainer = trainers.BpeTrainer(vocab_size=330, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False)
    sentences = ["Die Lupe zeigt, was da ist.", "Die Künstlerin malt ein Bild.", "The curator writes: what's there, 1905?"]
    tokenizer.train_from_iterator(sentences * 3, trainer)
    tokenizer.add_special_tokens(["<|endoftext|>", "<|im_start|>", "<|im_end|>"])
    return tokenizer


def checkpoints():
    llama = lambda **more: transformers.LlamaConfig(**{**SMALL, **more})
    rope = lambda **more: dict(rope_parameters=dict(rope_theta=10000.0, **more))
    write("llama", llama())
    write("llama-bf16", llama(), dtype=torch.bfloat16)
    write("llama-linear", llama(**rope(rope_type="linear", factor=4.0)))
    write("llama-llama3", llama(**rope(
        rope_type="llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=16)))
    write("smollm", llama(tie_word_embeddings=True, num_attention_heads=6, num_key_value_heads=3, hidden_size=48,
                          rope_parameters=dict(rope_type="default", rope_theta=100000.0)))
    write("mistral", transformers.MistralConfig(**SMALL, head_dim=16, sliding_window=None))
    tokenizer = byte_level_tokenizer()
    qwen2 = transformers.Qwen2Config(**{**SMALL, "vocab_size": tokenizer.get_vocab_size(), "tie_word_embeddings": True, "hidden_size": 24})
    write("qwen2", qwen2, tokenizer=tokenizer)
    write("qwen2-sharded", transformers.Qwen2Config(**SMALL), shard="30KB")
    write("qwen3", transformers.Qwen3Config(**SMALL, head_dim=16))
    gemma = dict(**{**SMALL, "tie_word_embeddings": True}, head_dim=8)
    write("gemma", transformers.GemmaConfig(**gemma))
    write("gemma2", transformers.Gemma2Config(**gemma, sliding_window=64, query_pre_attn_scalar=8))
    write("gemma3", transformers.Gemma3TextConfig(
        **gemma, sliding_window=64, query_pre_attn_scalar=8, layer_types=["sliding_attention", "full_attention"]))
    write("phi", transformers.PhiConfig(**SMALL, partial_rotary_factor=0.5))
    write("phi3", transformers.Phi3Config(**SMALL))


# Templates of the shapes that are in use, written for this test.
CHATML = (
    "{%- if messages[0]['role'] == 'system' %}{{ '<|im_start|>system\\n' + messages[0]['content'] + '<|im_end|>\\n' }}"
    "{%- else %}{{ '<|im_start|>system\\nYou help.<|im_end|>\\n' }}{%- endif %}\n"
    "{%- for message in messages %}\n"
    "    {%- if (message.role == 'user') or (message.role == 'assistant' and not message.tool_calls) %}\n"
    "        {{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>' + '\\n' }}\n"
    "    {%- endif %}\n"
    "{%- endfor %}\n"
    "{%- if add_generation_prompt %}\n    {{- '<|im_start|>assistant\\n' }}\n{%- endif %}\n"
)
LLAMA3 = (
    "{% set loop_messages = messages %}{% for message in loop_messages %}"
    "{% set content = '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n' + message['content'] | trim + '<|eot_id|>' %}"
    "{% if loop.index0 == 0 %}{% set content = bos_token + content %}{% endif %}{{ content }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}{% endif %}"
)
LLAMA31 = (
    "{{- bos_token }}\n"
    "{%- if not date_string is defined %}\n    {%- if strftime_now is defined %}\n        {%- set date_string = strftime_now(\"%d %b %Y\") %}\n"
    "    {%- else %}\n        {%- set date_string = \"26 Jul 2024\" %}\n    {%- endif %}\n{%- endif %}\n"
    "{%- if messages[0]['role'] == 'system' %}\n    {%- set system_message = messages[0]['content']|trim %}\n"
    "    {%- set messages = messages[1:] %}\n{%- else %}\n    {%- set system_message = \"\" %}\n{%- endif %}\n"
    "{{- \"<|start_header_id|>system<|end_header_id|>\\n\\n\" }}\n{{- \"Today Date: \" + date_string + \"\\n\\n\" }}\n"
    "{{- system_message }}\n{{- \"<|eot_id|>\" }}\n"
    "{%- for message in messages %}\n    {%- if not (message.role == 'ipython' or 'tool_calls' in message) %}\n"
    "        {{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n'+ message['content'] | trim + '<|eot_id|>' }}\n"
    "    {%- endif %}\n{%- endfor %}\n"
    "{%- if add_generation_prompt %}\n    {{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}\n{%- endif %}\n"
)
MISTRAL = (
    "{{ bos_token }}{% for message in messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}"
    "{{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}{% endif %}"
    "{% if message['role'] == 'user' %}{{ '[INST] ' + message['content'] + ' [/INST]' }}"
    "{% elif message['role'] == 'assistant' %}{{ ' ' + message['content'].strip() + eos_token }}"
    "{% else %}{{ raise_exception('Only user and assistant roles are supported!') }}{% endif %}{% endfor %}"
)
ZEPHYR = (
    "{% for message in messages %}\n{% if message['role'] == 'user' %}\n{{ '<|user|>\\n' + message['content'] + eos_token }}\n"
    "{% elif message['role'] == 'system' %}\n{{ '<|system|>\\n' + message['content'] + eos_token }}\n"
    "{% elif message['role'] == 'assistant' %}\n{{ '<|assistant|>\\n'  + message['content'] + eos_token }}\n{% endif %}\n"
    "{% if loop.last and add_generation_prompt %}\n{{ '<|assistant|>' }}\n{% endif %}\n{% endfor %}"
)
JSON = (
    "{%- for message in messages %}{% if loop.index > 1 %}{% break %}{% endif %}"
    "{{ [message.content, 1, true] | tojson }}|{{ {'text': message.content} | tojson(indent=2) }}"
    "{% endfor %}{{ unk_token }}{{ 'sys' if tools is defined and tools else 'none' }}"
)


def chats():
    class Day(datetime.datetime):
        @classmethod
        def now(cls, tz=None):
            return cls(2024, 7, 26)

    transformers.utils.chat_template_utils.datetime = Day
    prompts = ["Wer malt das Bild?", "  Zwei  Leerzeichen\nund <Klammern> & \"Zeichen\" ", "Grüße aus Köln 😊"]
    out = []
    for name, template in dict(chatml=CHATML, llama3=LLAMA3, llama31=LLAMA31, mistral=MISTRAL, zephyr=ZEPHYR, json=JSON).items():
        fast = transformers.PreTrainedTokenizerFast(
            tokenizer_object=byte_level_tokenizer(), bos_token="<s>", eos_token="</s>", unk_token="<unk>", chat_template=template)
        render = lambda messages, prompt: fast.apply_chat_template(messages, tokenize=False, add_generation_prompt=prompt)
        ask = lambda text: [dict(role="user", content=text)]
        asked = [render(ask(text), True) for text in prompts]
        answered = [render(ask(text) + [dict(role="assistant", content="Eine Malerin.")], False) for text in prompts]
        out.append(dict(name=name, template=template, prompts=prompts, asked=asked, answered=answered))
    (HERE / "chat.json").write_text(json.dumps(out, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    checkpoints()
    chats()
