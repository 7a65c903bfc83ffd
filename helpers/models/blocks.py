"""The blocks of which the networks are built. Their options are those of `conv`.

`conv` and `dense` return lists of layers, the others a Module.
"""

from functools import partial, wraps
from inspect import signature
from itertools import pairwise

import numpy as np

from .. import nn
from ..nn import init
from ..support.arguments import as_count, as_pair, expect_memory


def conv(
    in_channels, out_channels, kernel_size, stride=1, padding=0, groups=1,
    *, rng, batch_norm=False, relu=True, weight_init=init.he_normal, dtype=np.float32,
):  # fmt: skip
    """Return a list of layers: a convolution, with batch_norm a normalization, with relu a ReLU.

    Before a batch normalization, the convolution has no bias.
    """
    layers = [
        nn.Conv2d(
            in_channels, out_channels, kernel_size, stride, padding,
            groups=groups, bias=not batch_norm, rng=rng, weight_init=weight_init, dtype=dtype,
        )
    ]  # fmt: skip
    if batch_norm:
        layers.append(nn.BatchNorm2d(out_channels, dtype=dtype))
    if relu:
        layers.append(nn.ReLU())
    return layers


def dense(*widths, rng, weight_init=init.he_normal, dtype=np.float32):
    """Return a list of layers: dense ones, and between two of them a ReLU and dropout."""
    if len(widths) < 2:
        raise ValueError(f"dense: widths expects at least those of input and output, got {widths}")
    layers = []
    for inputs, outputs in pairwise(widths):
        if layers:
            layers += [nn.ReLU(), nn.Dropout(0.5, rng=rng)]
        layers.append(nn.Linear(inputs, outputs, rng=rng, weight_init=weight_init, dtype=dtype))
    return layers


def vgg_block(in_channels, out_channels, convs, **options):
    """Build `convs` convolutions of 3 x 3, then a maximum over 2 x 2 (Simonyan and Zisserman, 2014)."""
    layers = []
    for channels in [in_channels, *[out_channels] * (convs - 1)]:
        layers += conv(channels, out_channels, 3, padding=1, **options)
    return nn.Sequential(*layers, nn.MaxPool2d(2))


def nin_block(in_channels, out_channels, kernel_size, stride=1, padding=0, last=None, **options):
    """Build a convolution and, for each pixel, a small dense network: two of 1 x 1.

    (Lin et al., 2013.)
    """
    layers = conv(in_channels, out_channels, kernel_size, stride, padding, **options)
    for channels in (out_channels, last or out_channels):
        layers += conv(out_channels, channels, 1, **options)
    return nn.Sequential(*layers)


def inception(in_channels, one, three, five, pool, kernel_size=5, **options):
    """Build four paths side by side and join their channels (Szegedy et al., 2015, figure 2b).

    They end in 1 x 1, 3 x 3, 5 x 5, and a maximum with a 1 x 1. `one` and `pool` are channels;
    `three` and `five` are pairs: channels after the 1 x 1 in front, and at the end.
    """
    (narrow3, wide3), (narrow5, wide5) = three, five
    layer = partial(conv, **options)
    return nn.Branches(
        nn.Sequential(*layer(in_channels, one, 1)),
        nn.Sequential(*layer(in_channels, narrow3, 1), *layer(narrow3, wide3, 3, padding=1)),
        nn.Sequential(*layer(in_channels, narrow5, 1), *layer(narrow5, wide5, kernel_size, padding=kernel_size // 2)),
        nn.Sequential(nn.MaxPool2d(3, 1, 1), *layer(in_channels, pool, 1)),
    )


def basic_block(in_channels, out_channels, stride=1, batch_norm=True, **options):
    """Build two 3 x 3 convolutions with a shortcut around both (He et al., 2016, figure 2)."""
    layer = partial(conv, batch_norm=batch_norm, **options)
    first = layer(in_channels, out_channels, 3, stride, 1)
    second = layer(out_channels, out_channels, 3, 1, 1, relu=False)
    body = first + second
    return _around(body, layer, in_channels, out_channels, stride)


def bottleneck(
    in_channels, out_channels, stride=1, squeeze=4, groups=1, batch_norm=True, **options
):  # fmt: skip
    """Build 1 x 1 to out_channels / squeeze, 3 x 3 there, 1 x 1 back (He et al., 2016, figure 5).

    With groups it is the block of ResNeXt (Xie et al., 2017). A stride is taken by the 3 x 3.
    """
    channels = as_count("bottleneck", "out_channels", out_channels)
    inner, rest = divmod(channels, as_count("bottleneck", "squeeze", squeeze))
    if rest:
        form = f"a divisor of out_channels {channels}"
        raise ValueError(f"bottleneck: squeeze expects {form}, got {squeeze}")
    layer = partial(conv, batch_norm=batch_norm, **options)
    narrow = layer(in_channels, inner, 1)
    middle = layer(inner, inner, 3, stride, 1, groups)
    wide = layer(inner, out_channels, 1, relu=False)
    return _around(narrow + middle + wide, layer, in_channels, out_channels, stride)


def _around(body, layer, in_channels, out_channels, stride):
    """Build ReLU(shortcut + body); where the body changes the shape, the shortcut has weights."""
    shortcut = None
    if as_pair("Conv2d", "stride", stride) != (1, 1) or in_channels != out_channels:
        shortcut = nn.Sequential(*layer(in_channels, out_channels, 1, stride, relu=False))
    return nn.Sequential(nn.Residual(nn.Sequential(*body), shortcut), nn.ReLU())


def _reading(block, **rules):
    """Let a block read these arguments by their rules before it builds.

    So the block itself, which a lesson shows, is only layers.
    """
    where = block.__name__
    parameters = signature(block)

    @wraps(block)
    def build(*channels, **options):
        given = parameters.bind(*channels, **options)
        for name in rules.keys() & given.arguments.keys():
            given.arguments[name] = rules[name](where, name, given.arguments[name])
        return block(*given.args, **given.kwargs)

    return build


def _as_two(where, name, value):
    if not isinstance(value, (tuple, list)):
        raise TypeError(f"{where}: {name} expects two numbers of channels, got {value!r}")
    return as_pair(where, name, value)


def _as_odd(where, name, value):
    if as_count(where, name, value) % 2 == 0:
        why = "so that all paths keep the image's size"
        raise ValueError(f"{where}: {name} expects an odd number, {why}, got {value}")
    return value


def _as_depth(where, name, value):
    depth = as_count(where, name, value)
    expect_memory(where, name, (depth,))  # the list of its layers
    return depth


# So that the body of a block is code to be read, as lesson 9.11 shows it.
vgg_block = _reading(vgg_block, convs=_as_depth)
inception = _reading(
    inception,
    one=as_count,
    three=_as_two,
    five=_as_two,
    pool=as_count,
    kernel_size=_as_odd,
)
