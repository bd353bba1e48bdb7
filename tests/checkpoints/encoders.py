"""Writes the tiny encoders of `encoders/` and the reference figures beside them.

In: nothing but seeds. Out: one folder per architecture with config.json, weights and tokenizer.json in the Hugging Face layout, and
expected.json: the token ids of four texts of unequal length, the logits of the classification head and the mean of the last layer's outputs
over each text's own tokens, computed by `transformers` in double precision in one padded batch with its attention mask. With the folder of
all-MiniLM-L6-v2 as argument also `minilm.json`, its vectors by sentence-transformers. Run again with `pip install torch transformers
sentence-transformers`; the committed files came from torch 2.15, transformers 5.24 and sentence-transformers 6.2. The Rust tests need no Python.
"""

import json
import pathlib
import shutil
import sys

import tokenizers
import torch
import transformers
from tokenizers import models, processors

HERE = pathlib.Path(__file__).parent / "encoders"
TEXTS = ["ab", "Die Malerin malt, was sie will.", "nett", "Wer hat das Bild in diesem Saal gehaengt und warum?"]
SMALL = dict(
    vocab_size=64, hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4, max_position_embeddings=60,
    pad_token_id=1, bos_token_id=0, eos_token_id=2,
)
LABELS = {0: "friendly", 1: "neutral", 2: "hostile"}


def tokenizer():
    """A token for each letter, between a start and an end."""
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    letters = special + [chr(code) for code in range(ord("a"), ord("z") + 1)] + [chr(code) for code in range(ord("A"), ord("Z") + 1)]
    made = tokenizers.Tokenizer(models.BPE({letter: place for place, letter in enumerate(letters + list(" .,?"))}, [], unk_token="<unk>"))
    made.add_special_tokens(special)
    made.post_processor = processors.TemplateProcessing("<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)])
    return made


def write(name, config, labels=LABELS, shape=None):
    torch.manual_seed(len(name) + 11)
    config.id2label, config.label2id = labels, {label: place for place, label in labels.items()}
    model = transformers.AutoModelForSequenceClassification.from_config(config, attn_implementation="eager").eval()
    with torch.no_grad():
        for key, weight in model.named_parameters():
            norm = "norm" in key.lower()
            middle = 1.0 if norm and key.endswith("weight") else 0.0
            weight.copy_(middle + torch.randn_like(weight) * (0.1 if norm else 0.25))
    folder = HERE / name
    shutil.rmtree(folder, ignore_errors=True)
    model.save_pretrained(folder)
    tokenizer().save(str(folder / "tokenizer.json"))
    # The eager attention of ModernBERT gives NaN where padding sees nothing but padding in its window.
    attention = "sdpa" if name.startswith("modernbert") else "eager"
    exact = transformers.AutoModelForSequenceClassification.from_pretrained(folder, dtype=torch.float64, attn_implementation=attention)
    rows = [tokenizer().encode(text).ids for text in TEXTS]
    longest = max(map(len, rows))
    ids = torch.tensor([row + [1] * (longest - len(row)) for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in rows])
    exact.eval()
    with torch.no_grad():
        logits = exact(input_ids=ids, attention_mask=mask).logits
        hidden = exact.base_model(input_ids=ids, attention_mask=mask).last_hidden_state
    means = (hidden * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
    assert torch.isfinite(logits).all() and torch.isfinite(means).all(), name
    figures = lambda rows: [[round(value, 6) for value in row] for row in rows.tolist()]
    expected = dict(texts=TEXTS, ids=rows, logits=figures(logits), means=figures(means))
    (folder / "expected.json").write_text(json.dumps(expected, separators=(",", ":"), ensure_ascii=False) + "\n")
    size = sum(file.stat().st_size for file in folder.iterdir())
    assert size < 200_000, (name, size)
    print(f"{name:14} {size:7} bytes  {figures(logits)}")


def encoders():
    write("bert", transformers.BertConfig(**SMALL))
    several = {0: "toxic", 1: "insult", 2: "threat"}
    write("distilbert", transformers.DistilBertConfig(
        vocab_size=64, dim=32, hidden_dim=48, n_layers=2, n_heads=4, max_position_embeddings=60, pad_token_id=1,
        problem_type="multi_label_classification"), labels=several)
    write("xlm-roberta", transformers.XLMRobertaConfig(**{**SMALL, "max_position_embeddings": 64}, type_vocab_size=1))
    deberta = dict(
        **SMALL, type_vocab_size=0, relative_attention=True, position_biased_input=False, pos_att_type=["p2c", "c2p"],
        norm_rel_ebd="layer_norm", position_buckets=8, max_relative_positions=-1)
    write("deberta-v2", transformers.DebertaV2Config(**deberta, share_att_key=True))
    write("deberta-v2-own-keys", transformers.DebertaV2Config(
        **{**deberta, "position_buckets": -1, "position_biased_input": True, "type_vocab_size": 2}, share_att_key=False))
    modern = dict(**SMALL, local_attention=8, cls_token_id=0, sep_token_id=2)
    write("modernbert", transformers.ModernBertConfig(**{**modern, "num_hidden_layers": 4}))
    write("modernbert-mean", transformers.ModernBertConfig(**modern, classifier_pooling="mean"))


def minilm(folder):
    import sentence_transformers

    texts = [
        "The curator opens the exhibition.", "Die Künstlerin malt ein Bild in Münster.", "a", "Grüße aus Köln 😊",
        "A restorer, a guard and a director walk into the museum; none of them agrees with the label beside the painting, and all are right.",
    ]
    vectors = sentence_transformers.SentenceTransformer(folder, device="cpu").encode(texts)
    expected = dict(texts=texts, vectors=[[round(value, 6) for value in row] for row in vectors.tolist()])
    (HERE / "minilm.json").write_text(json.dumps(expected, separators=(",", ":"), ensure_ascii=False) + "\n")


if __name__ == "__main__":
    encoders()
    if len(sys.argv) > 1:
        minilm(sys.argv[1])
