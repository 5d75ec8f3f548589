"""The measures' oracle: the same numbers by plain loops; imports nothing of ours.

Masks are lists or arrays of rows; `classes` are class names by id.
"""

import math

VOID = 255


def share(part, whole):
    return part / whole if whole else math.nan


def mean(values):
    known = [value for value in values if not math.isnan(value)]
    return share(sum(known), len(known))


def pixels_of(mask):
    """All places of a mask."""
    return [(y, x) for y in range(len(mask)) for x in range(len(mask[0]))]


def counted_of(truth):
    return [place for place in pixels_of(truth) if truth[place[0]][place[1]] != VOID]


def where(truth, mask, class_id):
    """Places of a class, where the truth is not void."""
    return {(y, x) for y, x in counted_of(truth) if mask[y][x] == class_id}


def foreground_of(classes, background_id):
    return [key for key in range(len(classes)) if key != background_id]


def around(place, distance):
    steps = range(-distance, distance + 1)
    return [(place[0] + dy, place[1] + dx) for dy in steps for dx in steps]


# Boundary


def band(places, width):
    """Those with a pixel of the outside, or beyond the picture, so close."""
    return {
        place
        for place in places
        if any(other not in places for other in around(place, width))
    }


def close_to(contour, other, distance):
    return {p for p in contour if any(q in other for q in around(p, distance))}


def boundary(photos, classes, background_id, width_share, tolerance_share):
    numbers = {}
    scores = {"boundary_iou": [], "boundary_f": []}
    for class_id, name in enumerate(classes):
        common = either = near_true = all_true = near_said = all_said = 0
        for truth, prediction in photos:
            diagonal = math.sqrt(len(truth) ** 2 + len(truth[0]) ** 2)
            width = max(1, round(width_share * diagonal))
            tolerance = max(1, round(tolerance_share * diagonal))
            true = where(truth, truth, class_id)
            said = where(truth, prediction, class_id)
            common += len(band(true, width) & band(said, width))
            either += len(band(true, width) | band(said, width))
            true_line, said_line = band(true, 1), band(said, 1)
            near_true += len(close_to(true_line, said_line, tolerance))
            near_said += len(close_to(said_line, true_line, tolerance))
            all_true += len(true_line)
            all_said += len(said_line)
        scores["boundary_iou"].append(share(common, either))
        scores["boundary_f"].append(f_score(near_true, all_true, near_said, all_said))
        for score, values in scores.items():
            numbers[f"{score}/{name}"] = values[-1]
    for score, values in scores.items():
        kept = foreground_of(classes, background_id)
        numbers[f"mean_{score}"] = mean([values[key] for key in kept])
    return numbers


def f_score(near_true, all_true, near_said, all_said):
    if not all_true and not all_said:
        return math.nan
    if not near_true or not near_said:
        return 0.0
    recall, precision = near_true / all_true, near_said / all_said
    return 2 / (1 / recall + 1 / precision)


# Objects


def pieces(places):
    """Sets of places that touch, at a corner too."""
    left, found = set(places), []
    while left:
        piece, edge = set(), [left.pop()]
        while edge:
            place = edge.pop()
            piece.add(place)
            for other in around(place, 1):
                if other in left:
                    left.remove(other)
                    edge.append(other)
        found.append(piece)
    return found


def size_of(piece, photo_px, small_share, large_share):
    if len(piece) / photo_px < small_share:
        return "small"
    return "large" if len(piece) / photo_px >= large_share else "medium"


def objects(
    photos,
    classes,
    background_id,
    *,
    small_share,
    large_share,
    found_share,
    least_share,
):
    numbers = {}
    photos = [pair for pair in photos if counted_of(pair[0])]
    sizes = ("small", "medium", "large")
    all_true = dict.fromkeys(sizes, 0)
    all_found = dict.fromkeys(sizes, 0)
    error_sum = bias_sum = 0
    for class_id in foreground_of(classes, background_id):
        true_objects = dict.fromkeys(sizes, 0)
        found_objects = dict.fromkeys(sizes, 0)
        error = bias = 0
        for truth, prediction in photos:
            photo_px = len(pixels_of(truth))
            said = where(truth, prediction, class_id)
            true_count = said_count = 0
            for piece in pieces(where(truth, truth, class_id)):
                size = size_of(piece, photo_px, small_share, large_share)
                true_objects[size] += 1
                if len(piece & said) / len(piece) >= found_share:
                    found_objects[size] += 1
                true_count += len(piece) / photo_px >= least_share
            for piece in pieces(said):
                said_count += len(piece) / photo_px >= least_share
            error += abs(said_count - true_count)
            bias += said_count - true_count
        name = classes[class_id]
        for size in sizes:
            numbers[f"object_recall_{size}/{name}"] = share(
                found_objects[size], true_objects[size]
            )
            all_true[size] += true_objects[size]
            all_found[size] += found_objects[size]
        numbers[f"count_error/{name}"] = share(error, len(photos))
        numbers[f"count_bias/{name}"] = share(bias, len(photos))
        error_sum += error
        bias_sum += bias
    for size in sizes:
        numbers[f"object_recall_{size}"] = share(all_found[size], all_true[size])
    numbers["count_error"] = share(error_sum, len(photos))
    numbers["count_bias"] = share(bias_sum, len(photos))
    return numbers


# Calibration


def bin_rows(photos, bins):
    """Confidence and whether it is right, of each pixel by bin."""
    rows = [[] for _ in range(bins)]
    for truth, prediction, confidence in photos:
        for y, x in counted_of(truth):
            byte = int(confidence[y][x])
            index = 0
            while byte * bins > (index + 1) * 255:  # byte / 255 > upper edge
                index += 1
            rows[index].append((byte / 255, prediction[y][x] == truth[y][x]))
    return rows


def calibration(photos, bins):
    rows = bin_rows(photos, bins)
    every = [pixel for row in rows for pixel in row]
    confidence = share(sum(score for score, _ in every), len(every))
    accuracy = share(sum(right for _, right in every), len(every))
    ece = 0.0 if every else math.nan
    for row in rows:
        if row:
            gap = sum(score for score, _ in row) / len(row) - sum(
                right for _, right in row
            ) / len(row)
            ece += len(row) / len(every) * abs(gap)
    return {
        "ece": ece,
        "mean_confidence": confidence,
        "overconfidence": confidence - accuracy,
    }


# Decisions


def served_confidence(prediction, confidence, foreground):
    """Of the whole photo, since who asks the server knows no void."""
    if confidence is None:
        return 1.0
    chosen = [
        (y, x) for y, x in pixels_of(prediction) if prediction[y][x] in foreground
    ]
    chosen = chosen or pixels_of(prediction)
    return sum(int(confidence[y][x]) for y, x in chosen) / (255 * len(chosen))


def decisions(photos, classes, background_id, confidence_step, area_step):
    """Photos by what happens to them."""
    foreground = foreground_of(classes, background_id)
    kinds = ("missed", "false_alarms", "found", "cleared", "manual")
    counts = dict.fromkeys(kinds, 0)
    for truth, prediction, confidence in photos:
        counted = counted_of(truth)
        if not counted:
            continue
        there = any(truth[y][x] in foreground for y, x in counted)
        said_px = sum(prediction[y][x] in foreground for y, x in counted)
        said = said_px / len(counted) > area_step
        if served_confidence(prediction, confidence, foreground) < confidence_step:
            counts["manual"] += 1
        elif there:
            counts["found" if said else "missed"] += 1
        else:
            counts["false_alarms" if said else "cleared"] += 1
    return counts


# Overlap


def overlap_over_classes(photos, classes, background_id, rest_id):
    """What `plain_loops.oracle` has not."""
    foreground = foreground_of(classes, background_id)
    true_px, hit_px, said_px = {}, {}, {}
    image_dice = []
    for class_id in range(len(classes)):
        true_px[class_id] = hit_px[class_id] = said_px[class_id] = 0
        dices = []
        for truth, prediction in photos:
            true = where(truth, truth, class_id)
            said = where(truth, prediction, class_id)
            true_px[class_id] += len(true)
            said_px[class_id] += len(said)
            hit_px[class_id] += len(true & said)
            whole = len(true) + len(said)
            dices.append(2 * len(true & said) / whole if whole else 1.0)
        image_dice.append(mean(dices))
    every_px = sum(true_px.values())
    weighted = 0.0
    for class_id, px in true_px.items():
        if px:
            union = px + said_px[class_id] - hit_px[class_id]
            weighted += px / every_px * hit_px[class_id] / union
    parts = [key for key in foreground if key != rest_id]
    return {
        "mean_image_dice": mean([image_dice[key] for key in foreground]),
        "fw_iou": weighted if every_px else math.nan,
        "foreground_accuracy": share(
            sum(hit_px[key] for key in foreground),
            sum(true_px[key] for key in foreground),
        ),
        "parts_accuracy": share(
            sum(hit_px[key] for key in parts), sum(true_px[key] for key in parts)
        ),
    }
