"""Published convolutional networks (book, section 9.11, and after it), built of `nn` layers.

A network is a Sequential of named stages and returns logits (N, num_classes). Images are
(N, 3, 224, 224), for `lenet5` (N, 1, 32, 32). Builders take keywords: rng, num_classes, dtype, and
weight_init, which may be init.zeros to count a large network quickly. Local response normalization
(AlexNet, GoogLeNet) is left out, as it has no parameters and later networks did without it, and so
are GoogLeNet's two extra heads, which only training needs.
"""

from functools import partial

import numpy as np

from .. import nn
from ..nn import init
from ..support.arguments import as_pair, as_shape, expect_memory
from .blocks import basic_block, bottleneck, conv, dense, inception, nin_block, vgg_block


class Stage(nn.Sequential):
    """A chain of layers with a name."""

    def __init__(self, name, *layers):
        super().__init__(*layers)
        self.name = name


def lenet5(*, rng, num_classes=10, weight_init=init.glorot_uniform, dtype=np.float32):
    """Build LeCun et al. (1998) as it is built today.

    All maps of C3 see all of S2, pooling takes plain means, and a softmax is expected at the end.
    """
    options = {"rng": rng, "weight_init": weight_init, "dtype": dtype}
    conv = partial(nn.Conv2d, **options)
    linear = partial(nn.Linear, **options)
    return nn.Sequential(
        Stage("C1, S2", conv(1, 6, 5), nn.Tanh(), nn.AvgPool2d(2)),
        Stage("C3, S4", conv(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2)),
        Stage("C5", nn.Flatten(), linear(400, 120), nn.Tanh()),
        Stage("F6", linear(120, 84), nn.Tanh()),
        Stage("output", linear(84, num_classes)),
    )


def alexnet(*, rng, num_classes=1000, towers=1, **options):
    """Build Krizhevsky's network: his single column (2014), or with towers=2 that of 2012.

    The two towers (Krizhevsky et al., 2012) ran on two GPUs: where they do not talk to each other,
    a convolution has two groups.
    """
    if towers not in (1, 2):
        raise ValueError(f"alexnet: towers expects 1 or 2, got {towers!r}")
    a, b, c, d = (64, 192, 384, 256) if towers == 1 else (96, 256, 384, 384)
    layer = partial(conv, rng=rng, **options)
    pool = partial(nn.MaxPool2d, 3, 2)
    stages = [
        Stage("conv 1", *layer(3, a, 11, 4, 2), pool()),
        Stage("conv 2", *layer(a, b, 5, 1, 2, towers), pool()),
        Stage("conv 3", *layer(b, c, 3, 1, 1)),
        Stage("conv 4", *layer(c, d, 3, 1, 1, towers)),
        Stage("conv 5", *layer(d, 256, 3, 1, 1, towers), pool()),
    ]
    head = dense(256 * 36, 4096, 4096, num_classes, rng=rng, **options)
    return nn.Sequential(*stages, Stage("dense", nn.Flatten(), *head))


def vgg(blocks, *, rng, num_classes=1000, batch_norm=False, **options):
    """Build Simonyan and Zisserman (2014): blocks are (convolutions, channels).

    Each block halves the image; for 224 pixels there have to be five.
    """
    if not isinstance(blocks, (tuple, list)):
        raise TypeError(f"vgg: blocks expects pairs (convolutions, channels), got {blocks!r}")
    stages = []
    channels = 3
    for number, pair in enumerate(blocks, start=1):
        convs, width = as_pair("vgg", "blocks", pair)
        block = vgg_block(channels, width, convs, batch_norm=batch_norm, rng=rng, **options)
        stages.append(Stage(f"block {number}", *block))
        channels = width
    head = dense(channels * 49, 4096, 4096, num_classes, rng=rng, **options)
    return nn.Sequential(*stages, Stage("dense", nn.Flatten(), *head))


VGG = {  # the paper's columns A and D
    11: ((1, 64), (1, 128), (2, 256), (2, 512), (2, 512)),
    16: ((2, 64), (2, 128), (3, 256), (3, 512), (3, 512)),
}
vgg11 = partial(vgg, VGG[11])


def nin(*, rng, num_classes=1000, **options):
    """Build Lin et al. (2013), without dense layer: the mean of a class's map is its logit."""
    block = partial(nin_block, rng=rng, **options)
    pool = partial(nn.MaxPool2d, 3, 2, ceil_mode=True)
    return nn.Sequential(
        Stage("block 1", *block(3, 96, 11, 4), pool()),
        Stage("block 2", *block(96, 256, 5, 1, 2), pool()),
        Stage("block 3", *block(256, 384, 3, 1, 1), pool()),
        Stage("block 4", nn.Dropout(0.5, rng=rng), *block(384, 1024, 3, 1, 1, num_classes)),
        Stage("mean", nn.GlobalAvgPool2d()),
    )


INCEPTION = {  # the paper's table 1: channels of the paths 1 x 1, 3 x 3, 5 x 5, pooling
    "3a": (64, (96, 128), (16, 32), 32),
    "3b": (128, (128, 192), (32, 96), 64),
    "4a": (192, (96, 208), (16, 48), 64),
    "4b": (160, (112, 224), (24, 64), 64),
    "4c": (128, (128, 256), (24, 64), 64),
    "4d": (112, (144, 288), (32, 64), 64),
    "4e": (256, (160, 320), (32, 128), 128),
    "5a": (256, (160, 320), (32, 128), 128),
    "5b": (384, (192, 384), (48, 128), 128),
}


def googlenet(*, rng, num_classes=1000, kernel_size=5, **options):
    """Build Szegedy et al. (2015), without the extra heads.

    kernel_size=3, batch_norm=True is torchvision's variant.
    """
    layer = partial(conv, rng=rng, **options)
    pool = partial(nn.MaxPool2d, 3, 2, ceil_mode=True)
    stages = [
        Stage("conv 1", *layer(3, 64, 7, 2, 3), pool()),
        Stage("conv 2", *layer(64, 64, 1), *layer(64, 192, 3, 1, 1), pool()),
    ]
    channels = 192
    for name, paths in INCEPTION.items():
        layers = [inception(channels, *paths, kernel_size=kernel_size, rng=rng, **options)]
        if name in ("3b", "4e"):
            layers.append(pool())
        stages.append(Stage(name, *layers))
        channels = paths[0] + paths[1][1] + paths[2][1] + paths[3]
    return nn.Sequential(*stages, _mean_head(channels, num_classes, 0.4, rng, options))


def _mean_head(channels, num_classes, dropout, rng, options):
    """Build a global mean and a single dense layer, with dropout between them unless it is 0."""
    options = {"weight_init": init.he_normal, **options}
    options.pop("batch_norm", None)
    layers = [nn.GlobalAvgPool2d()]
    if dropout:
        layers.append(nn.Dropout(dropout, rng=rng))
    layers.append(nn.Linear(channels, num_classes, rng=rng, **options))
    return Stage("mean, dense", *layers)


def resnet(block, counts, widths, *, rng, num_classes=1000, **options):
    """Build He et al. (2016): four stages of `counts` blocks of these widths.

    Each stage but the first halves the image.
    """
    counts = as_shape("resnet", "counts", counts, [4], "four numbers of blocks")
    widths = as_shape("resnet", "widths", widths, [4], "four numbers of channels")
    expect_memory("resnet", "counts", counts, np.uint8)
    stem = conv(3, 64, 7, 2, 3, batch_norm=True, rng=rng, **options)
    stages = [Stage("conv 1", *stem, nn.MaxPool2d(3, 2, 1))]
    channels = 64
    for number, (count, width) in enumerate(zip(counts, widths, strict=True), start=2):
        first = block(channels, width, 1 if number == 2 else 2, rng=rng, **options)
        rest = [block(width, width, rng=rng, **options) for _ in range(count - 1)]
        stages.append(Stage(f"conv {number}", first, *rest))
        channels = width
    return nn.Sequential(*stages, _mean_head(channels, num_classes, 0, rng, options))


NARROW = 64, 128, 256, 512  # channels of the stages after the first
WIDE = 256, 512, 1024, 2048
resnet18 = partial(resnet, basic_block, (2, 2, 2, 2), NARROW)
resnet34 = partial(resnet, basic_block, (3, 4, 6, 3), NARROW)
resnet50 = partial(resnet, bottleneck, (3, 4, 6, 3), WIDE)
resnext50_32x4d = partial(resnet, partial(bottleneck, squeeze=2, groups=32), (3, 4, 6, 3), WIDE)
