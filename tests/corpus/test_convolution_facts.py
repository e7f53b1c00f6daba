"""What the questions on convolutional networks say about filters, maps, sizes and pooling, confirmed by running it."""

from __future__ import annotations

from itertools import pairwise, product
from typing import Any

import pytest


def size(torch: Any, layer: Any) -> int:
    return sum(p.numel() for p in layer.parameters())


def test_convolution_is_a_weighted_sum_of_each_patch(torch):
    """what-is-a-cnn: the products of weights and pixels under the filter, across all input channels, are summed."""
    conv, image = torch.nn.Conv2d(3, 2, 3).double(), torch.randn(1, 3, 6, 7, dtype=torch.float64)
    for unit, row, column in product(range(2), range(4), range(5)):
        patch = image[0, :, row : row + 3, column : column + 3]
        by_hand = (conv.weight[unit] * patch).sum() + conv.bias[unit]
        assert torch.isclose(conv(image)[0, unit, row, column], by_hand)


def test_kernel_is_not_flipped(torch):
    """what-is-a-cnn: strictly it is a cross-correlation, which makes a flipped kernel of a single bright pixel."""
    kernel, image = torch.arange(9.0).reshape(1, 1, 3, 3), torch.zeros(1, 1, 5, 5)
    image[0, 0, 2, 2] = 1
    assert torch.equal(torch.nn.functional.conv2d(image, kernel), kernel.flip(2, 3))


def test_64_filters_of_3_by_3_by_3_have_1792_parameters(torch, says):
    """what-is-a-cnn: with biases."""
    says("what-is-a-cnn", "64 filters of $3 \\times 3 \\times 3$ need 1,792 parameters with biases")
    assert size(torch, torch.nn.Conv2d(3, 64, 3)) == 1792 == 64 * (3 * 3 * 3 + 1)


def test_parameters_of_a_convolution_do_not_depend_on_the_size_of_the_image(torch):
    """what-is-a-cnn, cnn-layers: one layer takes images of any size; a dense layer is made for one, and far larger."""
    conv = torch.nn.Conv2d(3, 8, 3)
    assert conv(torch.rand(1, 3, 20, 20)).shape == (1, 8, 18, 18)
    assert conv(torch.rand(1, 3, 40, 60)).shape == (1, 8, 38, 58)
    dense = torch.nn.Linear(3 * 20 * 20, 8 * 18 * 18)
    assert size(torch, dense) > 10_000 * size(torch, conv)
    with pytest.raises(RuntimeError, match="shapes cannot be multiplied"):
        dense(torch.rand(1, 3 * 40 * 60))


def test_same_weights_serve_every_position(torch):
    """what-is-a-cnn: an image that looks alike everywhere gives a map that is alike everywhere."""
    found = torch.nn.Conv2d(1, 1, 3)(torch.full((1, 1, 9, 9), 0.4))
    assert torch.allclose(found, found[0, 0, 0, 0].expand_as(found))


def test_response_moves_along_with_the_object(torch):
    """what-is-a-cnn: translation equivariance, exact where the border does not matter."""
    conv = torch.nn.Conv2d(1, 4, 3, padding=1, padding_mode="circular").double()
    image = torch.rand(1, 1, 16, 16, dtype=torch.float64)
    assert torch.allclose(conv(image.roll((2, 5), (2, 3))), conv(image).roll((2, 5), (2, 3)))


@pytest.mark.parametrize(("layers", "seen"), [(1, 3), (2, 5), (3, 7)])
def test_stacked_layers_see_larger_regions(torch, layers, seen):
    """what-is-a-cnn: a unit of the first layer sees 3 x 3 pixels, one behind two layers 5 x 5."""
    stack = torch.nn.Sequential(*[torch.nn.Conv2d(1, 1, 3, padding=1) for _ in range(layers)])
    image = torch.rand(1, 1, 15, 15, requires_grad=True)
    stack(image)[0, 0, 7, 7].backward()
    assert (image.grad != 0).sum() == seen * seen
    assert image.grad[0, 0, 7 - seen // 2 : 8 + seen // 2, 7 - seen // 2 : 8 + seen // 2].ne(0).all()


def test_neighbouring_windows_overlap(torch):
    """what-is-a-cnn: the image is not cut into tiles; at stride 1 nine positions of the filter cover an inner pixel."""
    image = torch.rand(1, 1, 9, 9, requires_grad=True)
    torch.nn.functional.conv2d(image, torch.ones(1, 1, 3, 3)).sum().backward()
    assert image.grad[0, 0, 4, 4] == 9


def test_convolution_need_not_shrink_anything(torch):
    """what-is-a-cnn: with padding the map is as large as the image, and nothing is flattened."""
    assert torch.nn.Conv2d(3, 5, 3, padding=1)(torch.rand(1, 3, 17, 23)).shape == (1, 5, 17, 23)


def test_filters_are_learned_by_backpropagation(torch):
    """what-is-a-cnn: from random weights, descent finds the edge detector that made the targets."""
    edge = torch.tensor([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]]).reshape(1, 1, 3, 3)
    images, conv = torch.rand(32, 1, 12, 12), torch.nn.Conv2d(1, 1, 3, bias=False)
    optimizer = torch.optim.Adam(conv.parameters(), lr=0.1)
    for _ in range(200):
        optimizer.zero_grad()
        torch.nn.functional.mse_loss(conv(images), torch.nn.functional.conv2d(images, edge)).backward()
        optimizer.step()
    assert torch.allclose(conv.weight, edge, atol=0.05)


def test_each_filter_gives_one_map_and_spans_all_channels(torch):
    """cnn-layers: 32 filters on a colour image give 32 maps, and each looks at red, green and blue."""
    conv, image = torch.nn.Conv2d(3, 32, 3), torch.rand(1, 3, 8, 8, requires_grad=True)
    maps = conv(image)
    assert maps.shape[1] == 32 and conv.weight.shape == (32, 3, 3, 3)
    maps[0, 17].sum().backward()
    assert (image.grad.abs().sum(dim=(2, 3)) > 0).all()


def test_output_size_of_a_convolution(torch, says):
    """cnn-layers: floor((n + 2p - d(f - 1) - 1)/s) + 1, which is the reference's formula where the dilation d is 1."""
    says("cnn-layers", r"$\lfloor (n + 2p - f)/s \rfloor + 1$")
    for n, p, f, s, d in product((9, 14), (0, 1, 2), (1, 3, 4), (1, 2, 3), (1, 2)):
        found = torch.nn.Conv2d(1, 1, f, stride=s, padding=p, dilation=d)(torch.rand(1, 1, n, n)).shape[2]
        assert found == (n + 2 * p - d * (f - 1) - 1) // s + 1
        assert d > 1 or found == (n + 2 * p - f) // s + 1


def test_filter_larger_than_the_image_needs_padding(torch, says):
    """cnn-layers: 7 by 7 on 5 by 5 is refused, and gives a single value with a padding of one."""
    says("cnn-layers", "An input of 5 by 5 meets a filter of 7 by 7")
    with pytest.raises(RuntimeError, match="Kernel size can't be greater"):
        torch.nn.Conv2d(1, 1, 7)(torch.rand(1, 1, 5, 5))
    assert torch.nn.Conv2d(1, 1, 7, padding=1)(torch.rand(1, 1, 5, 5)).shape[2:] == (1, 1)


def test_relu_sets_negative_values_to_zero_and_lets_others_through(torch, says):
    """cnn-layers: it makes no probabilities."""
    says("cnn-layers", "minus three, zero and five")
    assert torch.relu(torch.tensor([-3.0, 0.0, 5.0])).tolist() == [0, 0, 5]


def test_unit_that_is_negative_for_every_image_learns_nothing(torch):
    """cnn-layers: a dead ReLU passes no gradient on; a leaky one does."""
    bias = torch.tensor(-100.0, requires_grad=True)
    x = torch.rand(50)
    torch.relu(x + bias).sum().backward()
    assert bias.grad == 0
    torch.nn.functional.leaky_relu(x + bias).sum().backward()
    assert bias.grad > 0


def test_convolutions_in_a_row_are_one_linear_map(torch):
    """cnn-layers: without an activation two filters of 3 x 3 are one of 5 x 5, with it they are not."""
    conv, (a, b) = torch.nn.functional.conv2d, torch.randn(2, 1, 1, 3, 3, dtype=torch.float64)
    image = torch.randn(1, 1, 9, 9, dtype=torch.float64)
    both = torch.nn.functional.conv_transpose2d(a, b)
    assert both.shape[2:] == (5, 5)
    assert torch.allclose(conv(conv(image, a), b), conv(image, both))
    assert not torch.allclose(conv(torch.relu(conv(image, a)), b), conv(image, both))


def test_pooling_takes_the_maximum_or_the_mean_of_a_window(torch, says):
    """cnn-layers: the window with 1, 7, 3 and 5."""
    says("cnn-layers", "the values 1, 7, 3 and 5")
    window = torch.tensor([[[[1.0, 7.0], [3.0, 5.0]]]])
    assert torch.nn.MaxPool2d(2)(window).item() == 7 and torch.nn.AvgPool2d(2)(window).item() == 4


def test_pooling_and_strided_convolution_halve_height_and_width(torch):
    """cnn-layers: 2 x 2 with stride 2; the modern network has the stride in the convolution."""
    maps = torch.rand(1, 8, 28, 28)
    for layer in (torch.nn.MaxPool2d(2, 2), torch.nn.AvgPool2d(2, 2), torch.nn.Conv2d(8, 8, 3, stride=2, padding=1)):
        assert layer(maps).shape == (1, 8, 14, 14)


def test_pooling_has_no_parameters(torch):
    """cnn-layers: convolution and dense layers show up in the list of weights, activation and pooling do not."""
    nn = torch.nn
    layers = (
        nn.Conv2d(1, 4, 3),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.AvgPool2d(2),
        nn.AdaptiveAvgPool2d(1),
        nn.Linear(4, 10),
    )
    assert [size(torch, layer) > 0 for layer in layers] == [True, False, False, False, False, True]


def test_pooling_saves_weights_only_in_a_later_dense_layer(torch):
    """cnn-layers: the convolution behind it is as large as without; the dense layer and the activations are smaller."""
    nn, image = torch.nn, torch.rand(1, 1, 28, 28)
    plain = nn.Sequential(nn.Conv2d(1, 4, 3), nn.Identity(), nn.Conv2d(4, 4, 3), nn.Flatten(), nn.LazyLinear(10))
    pooled = nn.Sequential(nn.Conv2d(1, 4, 3), nn.MaxPool2d(2), nn.Conv2d(4, 4, 3), nn.Flatten(), nn.LazyLinear(10))
    plain(image), pooled(image)
    assert size(torch, plain[2]) == size(torch, pooled[2])
    assert size(torch, plain[4]) > 4 * size(torch, pooled[4])
    assert plain[:3](image).numel() > 4 * pooled[:3](image).numel()


def test_pooling_is_less_sensitive_to_small_shifts(torch):
    """cnn-layers: half of a bright pixel's shifts by one column leave the pooled map as it was, none the map itself."""
    pooled_alike = 0
    for column in range(10):
        image = torch.zeros(1, 1, 12, 12)
        image[0, 0, 5, column] = 1
        shifted = image.roll(1, 3)
        assert not torch.equal(image, shifted)
        pool = torch.nn.MaxPool2d(2)
        pooled_alike += torch.equal(pool(image), pool(shifted))
    assert pooled_alike == 5


def test_dense_unit_sees_all_features(torch):
    """cnn-layers: one score depends on every value of every map."""
    maps = torch.rand(1, 6, 5, 5, requires_grad=True)
    torch.nn.Linear(150, 10)(maps.flatten(1))[0, 3].backward()
    assert (maps.grad != 0).all()


def test_global_average_pooling_gives_one_number_a_map_whatever_its_size(torch):
    """cnn-layers: what replaces large dense layers."""
    pool = torch.nn.AdaptiveAvgPool2d(1)
    maps = torch.rand(2, 64, 9, 11)
    assert pool(maps).shape == pool(torch.rand(2, 64, 5, 5)).shape == (2, 64, 1, 1)
    assert torch.allclose(pool(maps)[..., 0, 0], maps.mean(dim=(2, 3)))


def test_most_weights_of_vgg_16_sit_in_its_first_dense_layer():
    """cnn-layers: 512 maps of 7 x 7 into 4,096 units, against all of its thirteen convolutions together."""
    widths = (3, 64, 64, 128, 128, 256, 256, 256, 512, 512, 512, 512, 512, 512)
    convolutions = sum(9 * a * b + b for a, b in pairwise(widths))
    dense = [512 * 7 * 7 * 4096 + 4096, 4096 * 4096 + 4096, 4096 * 1000 + 1000]
    assert convolutions + sum(dense) == 138_357_544
    assert dense[0] > 0.7 * (convolutions + sum(dense))
