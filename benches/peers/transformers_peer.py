"""The peer of `benches/decoder.rs`: Hugging Face transformers on the shape of SmolLM2-135M with random weights.

Does the same two jobs as the benches "scoring" and "generation" and prints seconds and peak memory for each precision:

    pip install torch transformers
    python benches/peers/transformers_peer.py --threads 2

The peer gets every advantage that it has without changing its code: inference mode, the fastest of several batch sizes, logits only at the
positions that are scored, and in generation a cache and no sampling.
"""

import argparse
import resource
import time

import torch
from transformers import LlamaConfig, LlamaForCausalLM

TEMPLATES, FILLERS, PROMPT, SHARED, OPTIONS, CONTINUATION = 20, 10, 40, 24, 8, 4


def token(*place: int) -> int:
    """A token that depends on its place only."""
    mixed = 17
    for number in place:
        mixed = (mixed * 7919 + number + 1) % 49_000
    return 100 + mixed


def scoring_rows() -> list[list[int]]:
    """20 templates x 10 fillers x 8 continuations, 44 tokens each; a template's prompts share the first 24."""
    rows = []
    for template in range(TEMPLATES):
        for filler in range(FILLERS):
            shared = [token(1, template, place) for place in range(SHARED)]
            own = [token(2, template, filler, place) for place in range(PROMPT - SHARED)]
            for option in range(OPTIONS):
                rows.append(shared + own + [token(3, option, place) for place in range(CONTINUATION)])
    return rows


def score(model: LlamaForCausalLM, rows: torch.Tensor, batch: int) -> torch.Tensor:
    """Log-probability of every continuation."""
    sums = []
    for block in rows.split(batch):
        logits = model(block, use_cache=False, logits_to_keep=CONTINUATION + 1).logits[:, :-1].float()
        target = block[:, -CONTINUATION:].unsqueeze(-1)
        sums.append((logits.gather(-1, target).squeeze(-1) - logits.logsumexp(-1)).sum(-1))
    return torch.cat(sums)


def best_of(sizes: list[int], run, work: int) -> tuple[float, int]:
    """The smallest estimate of the whole time over batch sizes, each tried on one batch, and that size."""
    tries = []
    for size in sizes:
        run(size)
        start = time.perf_counter()
        run(size)
        tries.append(((time.perf_counter() - start) * work / size, size))
    return min(tries)


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--threads", type=int, default=2)
    arguments.add_argument("--precision", nargs="*", default=["float32", "bfloat16"])
    arguments = arguments.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(1)
    config = LlamaConfig(
        hidden_size=576, intermediate_size=1536, num_hidden_layers=30, num_attention_heads=9, num_key_value_heads=3, vocab_size=49152,
        max_position_embeddings=2048, rms_norm_eps=1e-5, rope_theta=100000, tie_word_embeddings=True, bos_token_id=None, eos_token_id=None,
        pad_token_id=None,
    )
    rows = torch.tensor(scoring_rows())
    for name in arguments.precision:
        model = LlamaForCausalLM(config).to(getattr(torch, name)).eval()
        with torch.inference_mode():
            _, batch = best_of([8, 16, 32, 64], lambda size: score(model, rows[:size], size), len(rows))
            start = time.perf_counter()
            score(model, rows, batch)
            seconds = time.perf_counter() - start
            print(f"{name} scoring, {arguments.threads} threads, batch {batch}: {seconds:.2f} s", flush=True)
            prompts = torch.tensor([[token(4, row, place) for place in range(PROMPT)] for row in range(32)])

            def generate(size: int) -> None:
                for block in prompts.split(size):
                    mask = torch.ones_like(block)
                    model.generate(block, attention_mask=mask, max_new_tokens=48, min_new_tokens=48, do_sample=False)

            generate(32)
            start = time.perf_counter()
            generate(32)
            seconds = time.perf_counter() - start
            print(f"{name} generation, {arguments.threads} threads, batch 32: {seconds:.2f} s, {32 * 48 / seconds:.0f} tokens/s", flush=True)
        print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB", flush=True)


if __name__ == "__main__":
    main()
