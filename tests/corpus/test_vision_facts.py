"""What the questions on vision say, from convolutions to detectors and their measures, confirmed by running it."""

from __future__ import annotations

import math
from typing import Any

import pytest


def parameters(model: Any) -> int:
    return sum(p.numel() for p in model.parameters())


def test_filter_is_tiny_beside_a_dense_unit(torch, says):
    """cnn-suits-images: 27 weights for a 3 x 3 filter on RGB, 270,000 for one unit on 300 x 300 pixels of it."""
    says("cnn-suits-images", "has 27 weights", "has 270,000")
    assert torch.nn.Conv2d(3, 1, 3, bias=False).weight.numel() == 27
    assert torch.nn.Linear(300 * 300 * 3, 1, bias=False).weight.numel() == 270_000


def test_response_moves_with_the_pattern_and_does_not_turn_with_it(torch):
    """cnn-suits-images: a shift goes through a convolution, a rotation or another size does not."""
    conv, x = torch.nn.Conv2d(1, 2, 3, bias=False), torch.zeros(1, 1, 12, 12)
    x[..., 3:6, 3:6] = torch.rand(3, 3)
    out = conv(x)
    assert torch.allclose(conv(x.roll((2, 3), (2, 3))), out.roll((2, 3), (2, 3)), atol=1e-6)
    assert not torch.allclose(conv(x.rot90(1, (2, 3))), out.rot90(1, (2, 3)), atol=1e-3)


def test_convolution_of_the_frameworks_does_not_flip_the_kernel(torch):
    """cnn-suits-images: it is cross-correlation; windows overlap, and the same weights read them all."""
    kernel, x = torch.arange(4.0).view(1, 1, 2, 2), torch.rand(1, 1, 3, 3)
    out = torch.nn.functional.conv2d(x, kernel)
    by_hand = [[(x[0, 0, r : r + 2, c : c + 2] * kernel[0, 0]).sum() for c in range(2)] for r in range(2)]
    assert torch.allclose(out[0, 0], torch.tensor(by_hand))


def test_bytes_of_a_photograph(says):
    """how-cnns-process-images: twelve million pixels of three bytes are 36 megabytes, or 288 megabits."""
    says("how-cnns-process-images", "Twelve megapixels are 36 megabytes", "288 megabits", "(N, 3, 224, 224)")
    photograph = 12_000_000 * 3
    assert (photograph / 1e6, photograph * 8 / 1e6) == (36, 288)


def test_photograph_goes_through_a_classifier(torch):
    """how-cnns-process-images, cnn-architecture: shapes from pixels to scores, and the probabilities of 2, 0 and -1."""
    nn = torch.nn
    pixels = torch.randint(256, (2, 32, 32, 3), dtype=torch.uint8)
    x = pixels.permute(0, 3, 1, 2).float() / 255
    first = nn.Conv2d(3, 8, 3, padding=1)
    same = first(x)
    stage = nn.Sequential(nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 16, 3, stride=2, padding=1), nn.ReLU())
    maps = stage(same)
    assert (x.shape, same.shape, maps.shape) == ((2, 3, 32, 32), (2, 8, 32, 32), (2, 16, 8, 8))
    scores = nn.Linear(16, 10)(maps.mean((2, 3)))
    assert scores.shape == (2, 10) and nn.Linear(16 * 64, 10)(maps.flatten(1)).shape == (2, 10)
    assert torch.tensor([2.0, 0, -1]).softmax(0).tolist() == pytest.approx([0.84, 0.11, 0.04], abs=0.005)


def test_kernel_spans_all_channels_and_makes_one_map(torch):
    """cnn-architecture, how-cnns-process-images: a map depends on every input channel; 64 filters make 64 maps."""
    conv = torch.nn.Conv2d(3, 64, 3)
    assert conv.weight.shape == (64, 3, 3, 3)
    x = torch.rand(1, 3, 8, 8, requires_grad=True)
    conv(x)[0, 5].sum().backward()
    assert (x.grad.abs().sum((2, 3)) > 0).all()


def test_pyramid_trades_resolution_for_channels(torch):
    """cnn-architecture: half the side and twice the channels cost the same, stage after stage."""
    macs = [side * side * 9 * c * c for side, c in ((56, 64), (28, 128), (14, 256), (7, 512))]
    assert len(set(macs)) == 1
    assert [parameters(torch.nn.Conv2d(c, c, 3, bias=False)) for c in (64, 128)] == [36_864, 147_456]


def test_pooling_of_the_window_that_is_named(torch, says):
    """pooling: 1, 7, 3, 5 become 7 or 4; half the sides, a quarter of the values, as many channels, no weights."""
    says("pooling", "turn $1, 7, 3, 5$ into 7 or into 4", "a quarter of the activations")
    window = torch.tensor([[[[1.0, 7], [3, 5]]]])
    nn = torch.nn
    assert nn.MaxPool2d(2)(window).item() == 7 and nn.AvgPool2d(2)(window).item() == 4
    out = nn.MaxPool2d(2)(torch.rand(1, 5, 28, 28))
    assert out.shape == (1, 5, 14, 14) and parameters(nn.MaxPool2d(2)) == 0


def test_pooling_forgives_small_shifts_alone(torch):
    """pooling: a step within the window changes nothing, one beyond moves the response; each channel by itself."""
    x, pool = torch.zeros(1, 2, 8, 8), torch.nn.MaxPool2d(2)
    x[0, 0, 2, 2] = 1
    assert torch.equal(pool(x), pool(x.roll(1, 3))) and not torch.equal(pool(x), pool(x.roll(2, 3)))
    assert pool(x)[0, 1].max() == 0


def test_sizes_of_valid_and_same(torch, says):
    """valid-vs-same: n - f + 1 against n with (f - 1)/2 on each side; fifteen valid layers leave 2 of 32 pixels."""
    says("valid-vs-same", "$n - f + 1$ per side", "$p = (f - 1)/2$ for odd $f$", "PyTorch refuses the word")
    conv = torch.nn.Conv2d
    for n, f in ((32, 3), (10, 5), (9, 7)):
        x = torch.rand(1, 1, n, n)
        assert conv(1, 1, f, padding="valid")(x).shape[-1] == conv(1, 1, f)(x).shape[-1] == n - f + 1
        assert conv(1, 1, f, padding="same")(x).shape[-1] == conv(1, 1, f, padding=(f - 1) // 2)(x).shape[-1] == n
    shaved = torch.nn.Sequential(*(conv(1, 1, 3) for _ in range(15)))
    assert shaved(torch.rand(1, 1, 32, 32)).shape[-1] == 2


def test_same_with_a_stride(torch):
    """valid-vs-same: PyTorch refuses it; half as large it is with padding too, and TensorFlow's is n/s rounded up."""
    with pytest.raises(ValueError, match="strided"):
        torch.nn.Conv2d(1, 1, 3, stride=2, padding="same")
    for n in (7, 8, 9):
        assert torch.nn.Conv2d(1, 1, 3, stride=2, padding=1)(torch.rand(1, 1, n, n)).shape[-1] == math.ceil(n / 2)


def test_border_pixels_lie_under_fewer_windows(torch):
    """valid-vs-same: one for the corner of a valid 3 x 3 convolution, nine inside, four for the corner with padding."""
    ones = torch.ones(1, 1, 3, 3)
    counts = []
    for p in (0, 1):
        x = torch.zeros(1, 1, 7, 7, requires_grad=True)
        torch.nn.functional.conv2d(x, ones, padding=p).sum().backward()
        counts.append((x.grad[0, 0, 0, 0].item(), x.grad[0, 0, 3, 3].item()))
    assert counts == [(1, 9), (4, 9)]


def test_seven_by_seven_on_five_by_five(torch, says):
    """conv-7x7-on-5x5: refused without padding, then 1, 3 and 5 for paddings of 1, 2 and 3; the channels are free."""
    says("conv-7x7-on-5x5", "$5 - 7 + 1 = -1$", "$5 + 2 - 7 + 1 = 1$", "$3 \\times 3$", "$5 \\times 5$")
    x = torch.rand(1, 1, 5, 5)
    with pytest.raises(RuntimeError, match="greater than actual input size"):
        torch.nn.Conv2d(1, 1, 7)(x)
    sizes = [torch.nn.Conv2d(1, 4, 7, padding=p)(x).shape for p in (1, 2, 3)]
    assert sizes == [(1, 4, 1, 1), (1, 4, 3, 3), (1, 4, 5, 5)]


@pytest.mark.parametrize("n, f, p, s, d", [(5, 7, 1, 1, 1), (32, 5, 2, 1, 1), (17, 3, 1, 2, 1), (20, 3, 0, 3, 2)])
def test_general_formula_of_the_size(torch, says, n, f, p, s, d):
    """conv-7x7-on-5x5: the floor of (n + 2p - d(f - 1) - 1)/s, plus one."""
    says("conv-7x7-on-5x5", r"\left\lfloor \frac{n + 2p - d(f - 1) - 1}{s} \right\rfloor + 1.")
    out = torch.nn.Conv2d(1, 1, f, padding=p, stride=s, dilation=d)(torch.rand(1, 1, n, n))
    assert out.shape[-1] == (n + 2 * p - d * (f - 1) - 1) // s + 1


def test_one_by_one_is_a_linear_layer_at_every_pixel(torch):
    """one-by-one-convolution: the same matrix everywhere; height and width stay, and no neighbour counts."""
    conv = torch.nn.Conv2d(16, 4, 1)
    x = torch.rand(2, 16, 6, 5, requires_grad=True)
    dense = torch.nn.functional.linear(x.permute(0, 2, 3, 1), conv.weight[:, :, 0, 0], conv.bias)
    out = conv(x)
    assert torch.allclose(out, dense.permute(0, 3, 1, 2), atol=1e-6) and out.shape == (2, 4, 6, 5)
    out[0, 0, 2, 2].backward()
    assert x.grad.abs().sum((0, 1)).nonzero().tolist() == [[2, 2]]
    assert conv.weight.numel() == 16 * 4


def test_bottleneck_saves_weights(torch, says):
    """one-by-one-convolution: 256 to 64 to 256 with a 3 x 3 in the middle, against a 3 x 3 at 256."""
    says("one-by-one-convolution", "70,000", "590,000")
    conv = torch.nn.Conv2d
    thin = sum(c.weight.numel() for c in (conv(256, 64, 1), conv(64, 64, 3), conv(64, 256, 1)))
    assert thin == pytest.approx(70_000, rel=0.01) and conv(256, 256, 3).weight.numel() == pytest.approx(
        590_000, rel=0.01
    )


def seen(torch: Any, layers: list[tuple[int, int, int]]) -> int:
    """How wide a stretch of pixels one unit in the middle depends on; layers are (kernel, stride, dilation)."""
    conv = torch.nn.functional.conv1d
    x = torch.zeros(1, 1, 201, requires_grad=True)
    out = x
    for k, s, d in layers:
        out = conv(out, torch.ones(1, 1, k), stride=s, dilation=d)
    out[0, 0, out.shape[-1] // 2].backward()
    reached = x.grad[0, 0].nonzero()
    return int(reached.max() - reached.min()) + 1


@pytest.mark.parametrize(
    "layers, width",
    [
        ([(3, 1, 1)], 3),
        ([(3, 1, 1)] * 2, 5),
        ([(3, 1, 1)] * 3, 7),
        ([(3, 2, 1), (3, 1, 1)], 7),
        ([(3, 2, 1), (3, 2, 1), (3, 1, 1)], 15),
        ([(3, 1, 4)], 9),
    ],
)
def test_receptive_field_by_the_gradient(torch, says, layers, width):
    """receptive-field: (k - 1) times the earlier strides a layer; dilation spreads a kernel over d(k - 1) + 1."""
    says("receptive-field", r"r_l = r_{l-1} + (k_l - 1) \prod_{i<l} s_i.", "$d(k - 1) + 1$")
    field, jump = 1, 1
    for k, s, d in layers:
        field, jump = field + d * (k - 1) * jump, jump * s
    assert seen(torch, layers) == field == width


def test_three_small_layers_have_fewer_weights_than_a_large_one(torch):
    """receptive-field: 3 x 9 C^2 against 49 C^2, for the same seven pixels."""
    conv = torch.nn.Conv2d
    assert 3 * conv(8, 8, 3).weight.numel() < conv(8, 8, 7).weight.numel()


def test_centre_of_the_receptive_field_weighs_most(torch):
    """receptive-field: eight layers of ones spread a unit's influence like a Gaussian; more filters widen nothing."""
    kernel, x = torch.ones(1, 1, 3) / 3, torch.zeros(1, 1, 41, requires_grad=True)
    out = x
    for _ in range(8):
        out = torch.nn.functional.conv1d(out, kernel, padding=1)
    out[0, 0, 20].backward()
    influence = x.grad[0, 0]
    sigma = math.sqrt(8 * 2 / 3)
    bell = torch.exp(-(torch.arange(-20.0, 21) ** 2) / (2 * sigma**2)) / (sigma * math.sqrt(2 * math.pi))
    assert (influence - bell).abs().max() < 0.01 and influence[20] > 1000 * influence[12] > 0
    assert (influence > 0).sum() == 17


def test_weights_of_a_separable_convolution(torch, says):
    """separable-convolution: 73,728 against 8,768 for 64 to 128 channels, a share of 1/C_out + 1/k^2."""
    says("separable-convolution", "73,728 against 8,768", "$1/C_{out} + 1/k^2$")
    conv = torch.nn.Conv2d
    depthwise, pointwise = conv(64, 64, 3, groups=64, bias=False), conv(64, 128, 1, bias=False)
    assert (depthwise.weight.numel(), pointwise.weight.numel()) == (576, 8_192)
    assert conv(64, 128, 3, bias=False).weight.numel() == 73_728
    share = (576 + 8_192) / 73_728
    assert share == pytest.approx(1 / 128 + 1 / 9) and 8 < 1 / share < 9


def test_depthwise_mixes_nothing_and_both_steps_are_one_ordinary_convolution_of_low_rank(torch):
    """separable-convolution: it can express fewer functions: every output uses the same filter of a channel, scaled."""
    conv = torch.nn.Conv2d
    depthwise, pointwise = conv(3, 3, 3, groups=3, bias=False), conv(3, 5, 1, bias=False)
    x = torch.rand(1, 3, 8, 8)
    changed = x.clone()
    changed[:, 1] += 1
    moved = (depthwise(changed) - depthwise(x)).abs().amax((0, 2, 3)) > 1e-6
    assert moved.tolist() == [False, True, False]
    kernel = pointwise.weight * depthwise.weight[:, 0][None]
    assert torch.allclose(torch.nn.functional.conv2d(x, kernel), pointwise(depthwise(x)), atol=1e-6)
    ordinary = torch.randn(5, 3, 3, 3)
    ranks = [int(torch.linalg.matrix_rank(k[:, 0].flatten(1), atol=1e-5)) for k in (kernel.detach(), ordinary)]
    assert ranks == [1, 5]


Box = tuple[float, float, float, float]


def iou(a: Box, b: Box) -> float:
    """The shared area over the combined one, of boxes given by two corners."""
    wide, high = (max(0.0, min(a[i + 2], b[i + 2]) - max(a[i], b[i])) for i in (0, 1))
    areas = [(c[2] - c[0]) * (c[3] - c[1]) for c in (a, b)]
    return wide * high / (sum(areas) - wide * high)


def test_overlap_of_boxes():
    """object-detection: 50 shared of 100 in all is one half; equal boxes have 1, disjoint ones 0."""
    assert iou((0, 0, 10, 7.5), (0, 2.5, 10, 10)) == pytest.approx(0.5)
    assert (iou((0, 0, 2, 2), (0, 0, 2, 2)), iou((0, 0, 2, 2), (3, 3, 4, 4))) == (1, 0)
    assert 9 * 50 * 50 == 22_500


def suppressed(boxes: list[Box], scores: list[float], threshold: float) -> list[int]:
    """The boxes that are kept, the most confident first."""
    kept: list[int] = []
    for n in sorted(range(len(boxes)), key=lambda n: -scores[n]):
        if all(iou(boxes[n], boxes[k]) <= threshold for k in kept):
            kept.append(n)
    return kept


def test_suppression_keeps_the_most_confident_box_of_each_object():
    """object-detection: of two dogs of 0.9 and 0.7 with an overlap of 0.8 the second goes; another dog stays."""
    dogs: list[Box] = [(0, 0, 10, 8), (0, 0, 10, 10), (30, 30, 40, 40)]
    assert iou(dogs[0], dogs[1]) == pytest.approx(0.8)
    assert suppressed(dogs, [0.7, 0.9, 0.5], 0.5) == [1, 2]


def average_precision(hits: list[bool], objects: int) -> tuple[float, list[tuple[float, float]]]:
    """The area under the curve made monotone, and its points (recall, precision), for boxes sorted by confidence."""
    points = [(sum(hits[:n]) / objects, sum(hits[:n]) / n) for n in range(1, len(hits) + 1)]
    area, before = 0.0, 0.0
    for n, (recall, _) in enumerate(points):
        area += (recall - before) * max(p for _, p in points[n:])
        before = recall
    return area, points


def test_average_precision_by_hand(says):
    """mean-average-precision: 8 hits of ten among twenty dogs; a perfect list; a duplicate costs; the mean of three."""
    says("mean-average-precision", "from 0.50 to 0.95 in steps of 0.05")
    assert average_precision([True] * 8 + [False] * 2, 20)[1][-1] == (0.4, 0.8)
    assert average_precision([True] * 3, 3)[0] == 1
    assert average_precision([True, False, True], 2)[0] == pytest.approx(0.5 + 0.5 * 2 / 3)
    duplicate = average_precision([True, False, True, True], 3)[0]
    assert duplicate < average_precision([True, True, True], 3)[0]
    assert sum((0.8, 0.6, 0.4)) / 3 == pytest.approx(0.6)
    assert len([t / 100 for t in range(50, 100, 5)]) == 10


def test_second_box_on_the_same_object_is_a_false_positive():
    """mean-average-precision: matched by confidence; the first good box takes the object."""
    dog: Box = (0, 0, 10, 10)
    boxes: list[Box] = [(0, 0, 10, 9), (0, 0, 10, 10), (50, 50, 60, 60)]
    free, hits = True, []
    for box in boxes:
        hits.append(free and iou(box, dog) >= 0.5)
        free = free and not hits[-1]
    assert hits == [True, False, False]


def test_bytes_wrap_and_layouts_turn(torch, says):
    """opencv-pitfalls: 250 + 10 is 4 in uint8; height before width; channels to the front; a reversed axis is RGB."""
    import numpy

    says("opencv-pitfalls", "250 + 10 = 4", "`img.shape` is (height, width, channels)")
    assert (numpy.array([250], numpy.uint8) + numpy.array([10], numpy.uint8))[0] == 4
    image = numpy.zeros((480, 640, 3), numpy.uint8)
    image[:, :, 0] = 255  # blue, as OpenCV orders the channels
    tensor = torch.from_numpy(image[:, :, ::-1].copy()).permute(2, 0, 1).float() / 255
    assert tensor.shape == (3, 480, 640) and tensor.dtype == torch.float32
    assert tensor.amax((1, 2)).tolist() == [0, 0, 1]


def test_smooth_resizing_invents_labels(torch):
    """opencv-pitfalls: between class 1 and class 3 bilinear finds a 2, nearest neighbour does not."""
    mask = torch.tensor([[[[1.0, 1, 3, 3]] * 4]])
    resize = torch.nn.functional.interpolate
    assert 2 in resize(mask, scale_factor=3, mode="bilinear").round().unique()
    assert resize(mask, scale_factor=3, mode="nearest").unique().tolist() == [1, 3]


def test_patches_become_tokens(torch, says):
    """vision-transformer: 196 of 16 x 16 in 224 x 224, a projection that is a strided convolution; 50,176 pixels."""
    says("vision-transformer", "196 tokens")
    project, x = torch.nn.Conv2d(3, 32, 16, stride=16), torch.rand(1, 3, 224, 224)
    tokens = project(x).flatten(2).transpose(1, 2)
    assert tokens.shape == (1, 196, 32) and 224 * 224 == 50_176
    patch = x[0, :, 16:32, :16].flatten()
    assert torch.allclose(tokens[0, 14], project.weight.flatten(1) @ patch + project.bias, atol=1e-4)


def test_attention_of_a_layer_sees_the_whole_picture_and_no_order(torch):
    """vision-transformer: the first patch depends on the last one; without positions shuffled patches give the same."""
    attention = torch.nn.MultiheadAttention(8, 2, batch_first=True)
    x = torch.randn(1, 16, 8, requires_grad=True)
    attention(x, x, x)[0][0, 0].sum().backward()
    assert (x.grad[0].abs().sum(1) > 0).all()
    order = torch.randperm(16)
    shuffled = x[:, order].detach()
    assert torch.allclose(attention(shuffled, shuffled, shuffled)[0], attention(x, x, x)[0][:, order], atol=1e-6)


def focal(torch: Any, p: Any, gamma: float) -> Any:
    return -((1 - p) ** gamma) * p.log()


def test_focal_loss_by_its_figures(torch, says):
    """focal-loss: 0.9 counts a hundredth and 0.1 still 0.81 with gamma 2; gamma 0 is cross-entropy; none grows."""
    says(
        "focal-loss",
        r"FL = -\alpha_t (1 - p_t)^{\gamma} \log p_t.",
        "$p_t = 0.9$",
        "0.81",
    )
    p = torch.tensor([0.9, 0.1])
    assert (focal(torch, p, 2) / focal(torch, p, 0)).tolist() == pytest.approx([0.01, 0.81])
    assert torch.allclose(focal(torch, p, 0), -p.log())
    many = torch.linspace(0.01, 0.99, 99)
    assert (focal(torch, many, 2) <= -many.log()).all()


def test_easy_background_outweighs_the_objects_until_focal_loss_damps_it(torch):
    """focal-loss: a hundred thousand boxes at 0.01 make a thousand, twenty at 3 sixty; with gamma 2 the objects win."""
    assert (100_000 * 0.01, 20 * 3) == (1000, 60)
    easy, hard = torch.exp(torch.tensor(-0.01)), torch.exp(torch.tensor(-3.0))
    assert 100_000 * focal(torch, easy, 2) < 20 * focal(torch, hard, 2)


def test_count_that_is_the_right_option(torch, says, bank):
    """conv-parameters-choice: 73,856, and what the other options count; the size of the input plays no part."""
    says("conv-parameters-choice", "**73,856**", "weight of shape (128, 64, 3, 3) and a bias of shape (128,)")
    [right] = [o["says"] for o in bank["conv-parameters-choice"]["options"] if o.get("right")]
    conv = torch.nn.Conv2d(64, 128, 3)
    assert right == f"{parameters(conv):,}" == "73,856"
    assert (conv.weight.shape, conv.bias.shape) == ((128, 64, 3, 3), (128,))
    assert conv.weight[0].numel() == 576 and conv.weight.numel() == 128 * 576 == 73_728
    assert (9 + 1) * 128 == 1280
    assert {conv(torch.rand(1, 64, n, n)).shape[1] for n in (5, 9)} == {128}


def test_network_with_three_bugs_fails_until_each_is_mended(torch, bank):
    """cnn-shape-bug: each by itself stops the program, on the lines that are named; mended, it runs."""
    question = bank["cnn-shape-bug"]
    lines = question["listing"].splitlines()
    mended = {
        18: lines[17].replace("torch.rand(4, 32, 32, 3)", "torch.rand(4, 32, 32, 3).permute(0, 3, 1, 2)"),
        9: lines[8].replace("(16,", "(32,"),
        16: lines[15].replace("self.fc(x)", "self.fc(x.flatten(1))"),
    }
    assert [line for point in question["points"] for line in point["lines"]] == list(mended)
    for left_in in (*mended, None):
        program = "\n".join(mended.get(n, line) if n != left_in else line for n, line in enumerate(lines, 1))
        if left_in is None:
            exec(compile(program, "listing", "exec"), {})
        else:
            with pytest.raises(RuntimeError):
                exec(compile(program, "listing", "exec"), {})


def test_reshape_scrambles_what_permute_turns(torch):
    """cnn-shape-bug: a pixel's three colours stay together with permute and not with reshape."""
    x = torch.rand(4, 32, 32, 3)
    turned, scrambled = x.permute(0, 3, 1, 2), x.reshape(4, 3, 32, 32)
    assert torch.equal(turned[0, :, 5, 7], x[0, 5, 7]) and not torch.equal(scrambled[0, :, 5, 7], x[0, 5, 7])


def test_dice_is_not_fooled_by_the_background(torch, says):
    """segmentation: with one per cent of tumour an empty mask is 99 % right and has a Dice of zero."""
    says("segmentation", r"\frac{2\,|A \cap B|}{|A| + |B|}", "an empty mask is 99 % right")
    truth, empty = torch.zeros(10, 10), torch.zeros(10, 10)
    truth[3, 3] = 1

    def dice(a: Any, b: Any) -> float:
        return float(2 * (a * b).sum() / (a.sum() + b.sum()))

    assert float((truth == empty).float().mean()) == pytest.approx(0.99)
    assert (dice(truth, empty), dice(truth, truth)) == (0, 1)
    soft = torch.full((10, 10), 0.1, requires_grad=True)
    (1 - 2 * (soft * truth).sum() / (soft.sum() + truth.sum())).backward()
    assert soft.grad[3, 3] < 0 < soft.grad[0, 0]


def test_upsampling_brings_back_the_size_and_not_the_place(torch):
    """segmentation, project-architecture: two pictures pool to the same map; a skip joins maps of one resolution."""
    nn = torch.nn
    a, b = torch.zeros(1, 1, 4, 4), torch.zeros(1, 1, 4, 4)
    a[0, 0, 0, 0] = b[0, 0, 1, 1] = 1
    small = nn.MaxPool2d(2)(a)
    assert torch.equal(small, nn.MaxPool2d(2)(b))
    assert nn.Upsample(scale_factor=2)(small).shape == nn.ConvTranspose2d(1, 1, 2, stride=2)(small).shape == a.shape
    assert torch.cat([nn.Upsample(scale_factor=2)(small), a], 1).shape == (1, 2, 4, 4)


def test_frozen_layers_stay_and_their_running_statistics_drift(torch, says):
    """transfer-learning-freeze: requires_grad = False stops the weights; batch norm must be in evaluation mode, too."""
    says("transfer-learning-freeze", "`requires_grad = False`")
    nn = torch.nn
    body, head = nn.Sequential(nn.Linear(4, 6), nn.BatchNorm1d(6), nn.ReLU()), nn.Linear(6, 2)
    for parameter in body.parameters():
        parameter.requires_grad = False
    optimizer = torch.optim.AdamW([*body.parameters(), *head.parameters()], lr=0.1)
    weight, mean, top = body[0].weight.clone(), body[1].running_mean.clone(), head.weight.clone()
    for training in (False, True):
        body.train(training)
        optimizer.zero_grad()
        head(body(3 + torch.randn(8, 4))).square().sum().backward()
        optimizer.step()
        assert torch.equal(weight, body[0].weight) and not torch.equal(top, head.weight)
        assert torch.equal(mean, body[1].running_mean) != training


def test_groups_give_layers_rates_of_their_own(torch):
    """transfer-learning-freeze: a hundredth of the rate for the pretrained part moves it a hundredth as far."""
    body, head = (torch.zeros(1, requires_grad=True) for _ in range(2))
    optimizer = torch.optim.SGD([{"params": [body], "lr": 1e-5}, {"params": [head]}], lr=1e-3)
    (body + head).sum().backward()
    optimizer.step()
    assert head.item() / body.item() == pytest.approx(100)
