"""The peer of the detector `text-lm`: its criteria by Hugging Face transformers in double precision.

    pip install torch transformers
    python benches/peers/text_lm_peer.py ../shared/models/stories260k tests/text-lm/*.txt

The second model of the pair is the same model without its last layer: the same tokens, other distributions. Long texts are read in windows as
`src/detect/text/lm/windows.rs` describes. Formulas are those of the papers, over whole distributions; nothing is shared with Lupe.
The last line of each text is Binoculars as the authors' code averages it, with one more position in the denominator than in the numerator.
"""

import sys

import torch
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer

WINDOW = 1024


def windows(ids: list[int], width: int):
    """Windows and the place in each from which on its tokens are scored."""
    if len(ids) <= width:
        yield ids, 1
        return
    yield ids[:width], 1
    done = width
    while done < len(ids):
        new = min(width // 2, len(ids) - done)
        end = done + new
        yield ids[:1] + ids[end - width + 1 : end], width - new
        done = end


def main() -> None:
    folder, *files = sys.argv[1:]
    torch.set_grad_enabled(False)
    config = AutoConfig.from_pretrained(folder)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float64)
    shorter = AutoConfig.from_pretrained(folder, num_hidden_layers=config.num_hidden_layers - 1)
    second = AutoModelForCausalLM.from_pretrained(folder, config=shorter, dtype=torch.float64)
    width = min(WINDOW, config.max_position_embeddings)
    for file in files:
        text = open(file, encoding="utf-8").read()
        ids = tokenizer(text)["input_ids"]
        if ids[0] != config.bos_token_id:
            ids = [config.bos_token_id] + ids
        rows = []
        last = None
        for window, start in windows(ids, width):
            given = torch.tensor([window])
            score = torch.log_softmax(model(given).logits[0].double(), -1)
            draw = torch.softmax(second(given).logits[0].double(), -1)
            for place in range(start, len(window)):
                token, log_p, q = window[place], score[place - 1], draw[place - 1]
                p = log_p.exp()
                rank = 1 + int((log_p > log_p[token]).sum())
                moments = [float(value) for by in (p, q) for value in ((by * log_p).sum(), (by * log_p**2).sum() - (by * log_p).sum() ** 2)]
                rows.append([float(log_p[token]), rank, *moments])
            last = -float((draw[-1] * score[-1]).sum())
        table = torch.tensor(rows, dtype=torch.float64)
        log_p, log_rank = table[:, 0], table[:, 1].log()
        surprise, crossed = -log_p.mean(), -table[:, 4].mean()
        figures = {
            "likelihood": log_p.mean(),
            "log-rank": log_rank.mean(),
            "lrr": surprise / log_rank.mean(),
            "fast-detect-gpt": (log_p.sum() - table[:, 2].sum()) / table[:, 3].sum().sqrt(),
            "fast-detect-gpt-pair": (log_p.sum() - table[:, 4].sum()) / table[:, 5].sum().sqrt(),
            "binoculars": surprise / crossed,
        }
        print(file, len(ids), "tokens,", len(rows), "scored")
        print("   ", ", ".join(f"{value:.6f}" for value in figures.values()))
        with_last = (crossed * len(rows) + last) / (len(rows) + 1)
        print(f"    binoculars as the authors' code averages: {surprise / with_last:.6f}")


if __name__ == "__main__":
    main()
