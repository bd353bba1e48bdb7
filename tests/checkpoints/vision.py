"""Writes the tiny models of `vision/` that read pictures, and the reference figures beside them.

In: nothing but seeds. Out: one folder per architecture with config.json, preprocessor_config.json and model.safetensors in the Hugging Face
layout, and expected.json: for a picture made by a formula the bytes that Pillow's bicubic resizing and the cut leave, and the pooled output that
`transformers` computes from them in double precision. Run again with `pip install torch transformers pillow`; the committed files came from
torch 2.15, transformers 5.24 and Pillow 13. The Rust tests need no Python.
"""

import json
import pathlib
import shutil

import numpy
import torch
import transformers
from PIL import Image

HERE = pathlib.Path(__file__).parent / "vision"
WIDTH, HEIGHT, CUT = 150, 90, 32
SMALL = dict(hidden_size=16, num_hidden_layers=2, num_attention_heads=2, patch_size=8)
MEAN, DEVIATION = [0.48145466, 0.4578275, 0.40821073], [0.26862954, 0.26130258, 0.27577711]


def picture():
    """Waves and an edge, in integers, so that every language makes the same bytes."""
    y, x = numpy.mgrid[0:HEIGHT, 0:WIDTH]
    channels = [(x * x // 7 + y * 3) % 256, (x * 2 + y * y // 5) % 256, (x * y // 11) % 256 * (x > 60)]
    return Image.fromarray(numpy.stack(channels, 2).astype(numpy.uint8))


def cut(shortest):
    """The shorter side to `shortest`, then the middle."""
    image = picture()
    scale = shortest / min(image.size)
    image = image.resize([int(side * scale) for side in image.size], Image.BICUBIC)
    left, top = (image.width - CUT) // 2, (image.height - CUT) // 2
    return numpy.asarray(image.crop((left, top, left + CUT, top + CUT)))


def write(name, model, shortest):
    torch.manual_seed(len(name))
    with torch.no_grad():
        for key, weight in model.named_parameters():
            norm = "norm" in key and key.endswith("weight")
            weight.copy_(float(norm) + torch.randn_like(weight) * (0.1 if norm else 0.25))
    folder = HERE / name
    shutil.rmtree(folder, ignore_errors=True)
    model.save_pretrained(folder)
    preprocessor = dict(
        do_resize=True, size={"shortest_edge": shortest}, resample=3, do_center_crop=True, crop_size={"height": CUT, "width": CUT},
        do_rescale=True, rescale_factor=1 / 255, do_normalize=True, image_mean=MEAN, image_std=DEVIATION, do_convert_rgb=True,
    )
    (folder / "preprocessor_config.json").write_text(json.dumps(preprocessor, indent=2) + "\n")
    pixels = cut(shortest)
    rows = (torch.tensor(pixels).double() / 255 - torch.tensor(MEAN).double()) / torch.tensor(DEVIATION).double()
    exact = type(model).from_pretrained(folder, dtype=torch.float64, attn_implementation="eager").eval()
    exact = getattr(exact, "vision_model", exact)
    with torch.no_grad():
        pooled = exact(pixel_values=rows.permute(2, 0, 1)[None]).pooler_output[0]
    expected = dict(pixels=pixels.flatten().tolist(), pooled=[round(value, 6) for value in pooled.tolist()])
    (folder / "expected.json").write_text(json.dumps(expected, separators=(",", ":")) + "\n")
    size = sum(file.stat().st_size for file in folder.iterdir())
    assert size < 100_000, (name, size)
    print(f"{name:8} {size:6} bytes  {expected['pooled'][:4]}")


if __name__ == "__main__":
    vision = dict(**SMALL, intermediate_size=24, image_size=CUT)
    text = dict(vocab_size=16, hidden_size=8, intermediate_size=8, num_hidden_layers=1, num_attention_heads=1, max_position_embeddings=8)
    write("clip", transformers.CLIPModel(transformers.CLIPConfig(vision_config=vision, text_config=text, projection_dim=8)), CUT)
    # Its table of positions is made for another size, so that it has to be interpolated.
    write("dinov2", transformers.Dinov2Model(transformers.Dinov2Config(**SMALL, mlp_ratio=2, image_size=56)), 40)
