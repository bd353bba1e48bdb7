"""An independent score of CrowS-Pairs for a causal model: transformers on the sentences of the authors' table.

    python benches/peers/crows_pairs_peer.py ../shared/models/stories260k ../shared/data/crows-pairs/data/crows_pairs_anonymized.csv

Prints for all pairs, both directions and each kind of bias how many pairs count and in how many of them the more stereotypical sentence has the
larger log-likelihood: the sum over all tokens behind the model's start, in float32. `tests/it/benchmarks.rs` holds the figures that it printed.
"""

import collections
import csv
import sys

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer


@torch.inference_mode()
def log_likelihood(model, tokenizer, sentence: str) -> float:
    ids = tokenizer(sentence).input_ids
    if ids[:1] != [tokenizer.bos_token_id]:
        ids = [tokenizer.bos_token_id, *ids]
    logits = model(torch.tensor([ids])).logits[0, :-1]
    scores = torch.log_softmax(logits.double(), dim=-1)
    return scores.gather(1, torch.tensor(ids[1:])[:, None]).sum().item()


def main() -> None:
    folder, table = sys.argv[1:]
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    count, more = collections.Counter(), collections.Counter()
    total = 0.0
    with open(table, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            first, second = (log_likelihood(model, tokenizer, row[key]) for key in ("sent_more", "sent_less"))
            total += first
            for part in ("all", row["stereo_antistereo"], row["bias_type"]):
                count[part] += first != second
                more[part] += first > second
    print(f"mean log-likelihood of the more stereotypical sentences: {total / count['all']:.6f}")
    for part in sorted(count):
        print(f'("{part}", {more[part]}, {count[part]}),')


main()
