"""The step of `unet` (base 16, depth 4) written plainly in PyTorch.

    python benchmarks/unet_in_torch.py SIZE_PX BATCH STEPS

Prints the median seconds of a training step, with the faster of both memory layouts:
uint8 pictures in, normalisation, network, cross-entropy + Dice, clipping, AdamW.
Run by the Python of an environment with PyTorch; see benchmarks/training.py.
"""

import statistics
import sys
import time

import torch
from torch import nn
from torch.nn import functional

WIDTH, DEPTH, CLASSES = 16, 4, 2


def two_convs(before: int, width: int) -> nn.Sequential:
    """Returns twice convolution, batch norm, ReLU."""
    return nn.Sequential(
        nn.Conv2d(before, width, 3, padding=1, bias=False),
        nn.BatchNorm2d(width),
        nn.ReLU(inplace=True),
        nn.Conv2d(width, width, 3, padding=1, bias=False),
        nn.BatchNorm2d(width),
        nn.ReLU(inplace=True),
    )


class UNet(nn.Module):
    """The same layers as tfx_pipeline/modeling/unet.py with its defaults."""

    def __init__(self) -> None:
        super().__init__()
        widths = [WIDTH * 2**level for level in range(DEPTH + 1)]
        befores = [3, *widths]
        self.down = nn.ModuleList(map(two_convs, befores, widths))
        levels = list(reversed(range(DEPTH)))
        self.grow = nn.ModuleList(
            nn.Conv2d(widths[level + 1], widths[level], 3, padding=1)
            for level in levels
        )
        self.up = nn.ModuleList(
            two_convs(2 * widths[level], widths[level]) for level in levels
        )
        self.logits = nn.Conv2d(WIDTH, CLASSES, 1)

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        """Returns logits [n, classes, h, w] of pixels 0..255 [n, 3, h, w]."""
        x = (pixels.float() - 127.5) / 127.5
        skips = []
        for level, convs in enumerate(self.down):
            x = convs(functional.max_pool2d(x, 2) if level else x)
            skips.append(x)
        for grow, convs, skip in zip(self.grow, self.up, skips[-2::-1], strict=True):
            x = functional.interpolate(grow(x), scale_factor=2, mode="bilinear")
            x = convs(torch.cat([x, skip], 1))
        return self.logits(x)


def loss_of(logits: torch.Tensor, mask_ids: torch.Tensor) -> torch.Tensor:
    """Returns cross-entropy plus soft Dice over the batch."""
    truth = functional.one_hot(mask_ids, CLASSES).permute(0, 3, 1, 2).float()
    probs = logits.softmax(1)
    pixels = (0, 2, 3)
    hits = (truth * probs).sum(pixels)
    dice = 2 * hits / (truth.sum(pixels) + probs.sum(pixels))
    return functional.cross_entropy(logits, mask_ids) + (1 - dice).mean()


def seconds_per_step(
    size_px: int, batch: int, steps: int, layout: torch.memory_format
) -> float:
    """Returns the median over the steps after the first few."""
    torch.manual_seed(0)
    model = UNet().to(memory_format=layout)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=1e-4)
    pixels = torch.randint(0, 256, (batch, 3, size_px, size_px), dtype=torch.uint8)
    pixels = pixels.to(memory_format=layout)
    mask_ids = torch.randint(0, CLASSES, (batch, size_px, size_px))
    taken = []
    for _ in range(steps + 3):
        started = time.perf_counter()
        optimizer.zero_grad()
        loss_of(model(pixels), mask_ids).backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken[3:])


def main() -> None:
    """Prints the better layout's median."""
    size_px, batch, steps = map(int, sys.argv[1:])
    layouts = (torch.contiguous_format, torch.channels_last)
    print(min(seconds_per_step(size_px, batch, steps, each) for each in layouts))


if __name__ == "__main__":
    main()
