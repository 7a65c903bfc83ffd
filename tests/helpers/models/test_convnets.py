"""Published networks: their parameters are counted, images of the original size pass through them, blocks compute."""

import inspect
from functools import partial

import numpy as np
import pytest

from arrays import close
from helpers import nn
from helpers.autodiff import Tensor, no_grad, ops
from helpers.models import convnets as zoo
from helpers.nn import init

GREY, COLOUR = (1, 32, 32), (3, 224, 224)

# Numbers of parameters as published: torchvision's table for all that it builds; for AlexNet of 2012 and GoogLeNet with
# its 5 x 5 kernels those of Caffe's models (61.0 and 7.0 million); LeNet-5 with all maps connected. NiN's is not in
# torchvision: Caffe's model, with 1024 channels in its last block, has about 7.6 million.
PUBLISHED = {
    "lenet5": (zoo.lenet5, GREY, 61_706),
    "alexnet": (zoo.alexnet, COLOUR, 61_100_840),
    "alexnet, two towers": (partial(zoo.alexnet, towers=2), COLOUR, 60_965_224),
    "vgg11": (zoo.vgg11, COLOUR, 132_863_336),
    "nin": (zoo.nin, COLOUR, 7_595_176),
    "googlenet": (zoo.googlenet, COLOUR, 6_998_552),
    "googlenet, torchvision": (partial(zoo.googlenet, kernel_size=3, batch_norm=True), COLOUR, 6_624_904),
    "resnet18": (zoo.resnet18, COLOUR, 11_689_512),
    "resnet34": (zoo.resnet34, COLOUR, 21_797_672),
    "resnet50": (zoo.resnet50, COLOUR, 25_557_032),
    "resnext50_32x4d": (zoo.resnext50_32x4d, COLOUR, 25_028_904),
}
# Billions of multiply-adds, as torchvision's table has them, with two digits after the point.
WORK = {
    "alexnet": 0.71, "vgg11": 7.61, "googlenet, torchvision": 1.50, "resnet18": 1.81, "resnet34": 3.66,
    "resnet50": 4.09, "resnext50_32x4d": 4.23,
}  # fmt: skip


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.mark.parametrize("name", PUBLISHED)
def test_parameters_and_shapes_at_the_original_input_size(name, rng):
    make, shape, count = PUBLISHED[name]
    model = make(rng=rng, weight_init=init.zeros)
    assert nn.parameter_count(model) == count
    rows = nn.profile(model, shape)
    assert rows[-1][1] == ((10,) if shape == GREY else (1000,))
    assert sum(row[2] for row in rows) == count
    if name in WORK:
        assert round(sum(row[3] for row in rows) / 1e9, 2) == WORK[name]


def test_vgg_by_configuration(rng):
    model = zoo.vgg(zoo.VGG[16], rng=rng, num_classes=1, weight_init=init.zeros)
    assert nn.parameter_count(model) + 999 * 4097 == 138_357_544  # torchvision's VGG-16 has 999 classes more


def test_stages_of_googlenet_have_the_sizes_of_the_papers_table(rng):
    shapes = [row[1] for row in nn.profile(zoo.googlenet(rng=rng, weight_init=init.zeros), COLOUR)]
    assert shapes == [
        (64, 56, 56), (192, 28, 28), (256, 28, 28), (480, 14, 14), (512, 14, 14), (512, 14, 14), (512, 14, 14),
        (528, 14, 14), (832, 7, 7), (832, 7, 7), (1024, 7, 7), (1000,),
    ]  # fmt: skip


@pytest.mark.parametrize("make", [zoo.resnet18, zoo.resnet50])
def test_stages_of_resnet_have_the_sizes_of_the_papers_table(make, rng):
    sizes = [row[1][1:] for row in nn.profile(make(rng=rng, weight_init=init.zeros), COLOUR)]
    assert sizes == [(56, 56), (56, 56), (28, 28), (14, 14), (7, 7), ()]


SMALL = {
    "lenet5": (zoo.lenet5, GREY),
    "nin": (zoo.nin, (3, 67, 67)),
    "googlenet": (partial(zoo.googlenet, batch_norm=True), (3, 32, 32)),
    "resnet18": (zoo.resnet18, (3, 32, 32)),
    "resnext50_32x4d": (zoo.resnext50_32x4d, (3, 32, 32)),
}


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", SMALL)
def test_every_parameter_gets_a_gradient_and_the_dtype_stays(name, dtype, rng):
    make, shape = SMALL[name]
    model = make(rng=rng, num_classes=5, dtype=dtype)
    logits = model(Tensor(rng.standard_normal((2, *shape)).astype(dtype)))
    assert logits.shape == (2, 5)
    nn.cross_entropy(logits, np.array([0, 4])).backward()
    for key, parameter in model.named_parameters():
        assert parameter.grad is not None, key
        assert parameter.grad.dtype == logits.dtype == dtype
        assert np.isfinite(parameter.grad).all()


def test_the_same_seed_gives_the_same_network():
    one, two = (zoo.resnet18(rng=np.random.default_rng(3), num_classes=2).state_dict() for _ in range(2))
    assert one.keys() == two.keys()
    assert all(np.array_equal(one[name], two[name]) for name in one)


def test_basic_block_is_its_equation(rng):
    block, x = zoo.basic_block(3, 3, rng=rng, batch_norm=False, dtype=float), Tensor(rng.standard_normal((2, 3, 5, 5)))
    first, second = (p for p in block.parameters() if p.ndim == 4)
    body = ops.conv2d(ops.relu(ops.conv2d(x, first, padding=1)), second, padding=1)
    close(block(x).data, np.maximum(x.data + body.data, 0))


def test_a_block_that_changes_the_shape_has_a_shortcut_with_weights(rng):
    x = Tensor(rng.standard_normal((2, 8, 6, 6)))
    for block, grows in ((zoo.basic_block, 8 * 16 + 32), (zoo.bottleneck, 8 * 16 + 32)):
        plain, wide = block(16, 16, rng=rng), block(8, 16, 2, rng=rng, dtype=float)
        assert plain[0].shortcut is None
        assert nn.parameter_count(wide[0].shortcut) == grows
        assert wide(x).shape == (2, 16, 3, 3)


def test_inception_joins_its_paths_along_the_channels(rng):
    block, x = zoo.inception(4, 2, (3, 5), (2, 3), 1, rng=rng, dtype=float), Tensor(rng.standard_normal((1, 4, 6, 6)))
    y = block(x).data
    assert y.shape == (1, 2 + 5 + 3 + 1, 6, 6)
    weight, bias = block.branches[0].parameters()
    mixed = np.einsum("fc,nchw->nfhw", weight.data[..., 0, 0], x.data) + bias.data[:, None, None]
    close(y[:, :2], np.maximum(mixed, 0))


def test_groups_of_the_two_towers_do_not_see_each_other(rng):
    layer = zoo.conv(4, 6, 3, padding=1, groups=2, rng=rng, relu=False, dtype=float)[0]
    x, other = rng.standard_normal((2, 1, 4, 5, 5))
    other[:, :2] = x[:, :2]
    one, two = layer(Tensor(x)).data, layer(Tensor(other)).data
    close(one[:, :3], two[:, :3])
    assert not np.allclose(one[:, 3:], two[:, 3:])


def test_profile_leaves_the_model_as_it_was_and_agrees_with_the_summary(rng):
    model = zoo.lenet5(rng=rng)
    total = nn.summary(model, GREY).splitlines()[-1].replace(",", "").split()
    rows = nn.profile(model, GREY)
    assert [int(number) for number in total[1:]] == [sum(row[2] for row in rows), sum(row[3] for row in rows)]
    assert model.training
    assert not any("forward" in vars(module) for _, module in model.named_modules())
    nn.profile(model.eval(), GREY)
    assert not model.training


def test_a_model_at_test_is_deterministic(rng):
    model, x = zoo.nin(rng=rng, num_classes=3).eval(), Tensor(rng.random((1, 3, 67, 67), np.float32))
    with no_grad():
        close(model(x).data, model(x).data, rtol=0)


def test_profile_leaves_a_frozen_layer_frozen(rng):
    model = zoo.lenet5(rng=rng)
    model[1].eval()
    before = [module.training for _, module in model.named_modules()]
    nn.profile(model, GREY)
    assert [module.training for _, module in model.named_modules()] == before


def test_profile_leaves_the_modes_where_an_image_does_not_fit(rng, refuses):
    model = zoo.lenet5(rng=rng)
    refuses(lambda: nn.profile(model, (1, 3, 3)), ValueError, "conv2d: kernel_size expects")
    assert all(module.training for _, module in model.named_modules())


def test_profile_of_stages_without_parameters():
    assert nn.profile(nn.Sequential(nn.ReLU(), nn.Flatten()), (2, 3)) == [
        ("ReLU()", (2, 3), 0, 0),
        ("Flatten()", (6,), 0, 0),
    ]


WRONG = {
    "a builder": (lambda rng: nn.profile(zoo.vgg11, COLOUR), TypeError, "profile: model expects a Sequential"),
    "a layer": (lambda rng: nn.profile(nn.ReLU(), COLOUR), TypeError, "profile: model expects a Sequential"),
    "a shape": (lambda rng: nn.profile(nn.Sequential(), 3), ValueError, "profile: input_shape expects"),
    "a size": (lambda rng: nn.profile(nn.Sequential(), (10**18,)), ValueError, "profile: input_shape expects sizes"),
    "count": (lambda rng: nn.parameter_count(zoo.vgg11), TypeError, "parameter_count: model expects a Module"),
    "no convolution": (lambda rng: zoo.vgg_block(3, 4, 0, rng=rng), ValueError, "vgg_block: convs expects at least 1"),
    "convs": (lambda rng: zoo.vgg_block(3, 4, convs=2.5, rng=rng), TypeError, "vgg_block: convs expects an integer"),
    "many": (lambda rng: zoo.vgg_block(3, 4, 10**18, rng=rng), ValueError, "vgg_block: convs expects sizes"),
    "no width": (lambda rng: zoo.dense(rng=rng), ValueError, "dense: widths expects at least those of"),
    "one width": (lambda rng: zoo.dense(3, rng=rng), ValueError, "dense: widths expects at least those of"),
    "three": (lambda rng: zoo.inception(3, 1, 5, (1, 1), 1, rng=rng), TypeError, "inception: three expects two"),
    "five": (lambda rng: zoo.inception(3, 1, (1, 1), (1, 0), 1, rng=rng), ValueError, "inception: five expects at"),
    "pool": (lambda rng: zoo.inception(3, 1, (1, 1), (1, 1), None, rng=rng), TypeError, "inception: pool expects"),
    "even": (
        lambda rng: zoo.inception(3, 1, (1, 1), (1, 1), 1, 4, rng=rng),
        ValueError,
        "inception: kernel_size",
    ),
    "squeeze": (lambda rng: zoo.bottleneck(8, 10, rng=rng), ValueError, "bottleneck: squeeze expects a divisor"),
    "squeeze 0": (lambda rng: zoo.bottleneck(8, 8, squeeze=0, rng=rng), ValueError, "bottleneck: squeeze expects at"),
    "towers": (lambda rng: zoo.alexnet(rng=rng, towers=3), ValueError, "alexnet: towers expects 1 or 2, got 3"),
    "blocks": (lambda rng: zoo.vgg(((1, 2, 3),), rng=rng), ValueError, "vgg: blocks expects"),
    "no blocks": (lambda rng: zoo.vgg(5, rng=rng), TypeError, "vgg: blocks expects pairs"),
    "stages": (
        lambda rng: zoo.resnet(zoo.basic_block, (1, 1), zoo.NARROW, rng=rng),
        ValueError,
        "resnet: counts expects four numbers of blocks, got (1, 1)",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_each_wrong_argument_is_named(name, rng, refuses):
    call, error, words = WRONG[name]
    refuses(lambda: call(rng), error, words)


@pytest.mark.parametrize("stride", [(1, 1), [1, 1], np.array([1, 1])], ids=repr)
def test_a_stride_of_1_needs_no_weights_around_a_block(stride, rng):
    assert zoo.basic_block(4, 4, stride, rng=rng)[0].shortcut is None


def test_a_block_is_shown_as_it_is_written():
    source = inspect.getsource(zoo.vgg_block)
    assert source.startswith("def vgg_block(in_channels, out_channels, convs, **options):")
