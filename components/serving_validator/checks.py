"""What is tried on a server that has the model, each a function to a `Check`."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from tensorflow_serving.apis import predict_pb2

from components.serving_validator.call_error import CallError
from components.serving_validator.grpc_client import GrpcClient
from components.serving_validator.keras_answers import KerasAnswer
from components.serving_validator.mask_difference import compare_masks
from components.serving_validator.signatures import (
    PlainSignatures,
    differing_signatures,
)
from components.serving_validator.validation import Check

NO_PHOTO = b"this file is no picture"


class PhotoClient(Protocol):
    """A way to ask for masks."""

    @property
    def protocol(self) -> str:
        """For messages."""

    @property
    def bad_photo_code(self) -> str:
        """What a file that is no picture must give."""

    def masks(self, photos: Sequence[bytes]) -> list[bytes]:
        """Returns the PNG of each photo's mask, asked in one request."""


def check_signatures(
    protocol: str, stated: PlainSignatures, served: PlainSignatures
) -> Check:
    """Compares what the server says can be called with what the file says."""
    odd = differing_signatures(stated, served)
    sentence = f"{protocol}: the metadata states {', '.join(sorted(stated))}"
    if odd:
        sentence = (
            f"{protocol}: the metadata must state the signatures as the SavedModel"
            f" does, otherwise is {', '.join(odd)}"
        )
    return Check(name="signatures", passed=not odd, sentence=sentence)


def check_masks(
    client: PhotoClient, answers: Sequence[KerasAnswer], max_differing_share: float
) -> tuple[Check, list[dict[str, Any]]]:
    """Asks for each photo alone; returns also an entry per photo."""
    masks = [_compare(client, answer) for answer in answers]
    wrong = [mask for mask in masks if not _is_right(mask, max_differing_share)]
    same = sum(bool(mask.get("has_same_bytes")) for mask in masks)
    sentence = (
        f"{client.protocol}: {len(masks)} masks are the Keras model's, byte for byte"
    )
    if wrong:
        sentence = (
            f"{client.protocol}: masks must be those that the Keras model gave at"
            f" export, {'; '.join(map(_say, wrong))}; export the model again"
        )
    elif any(mask["differing"] for mask in masks):
        worst = max(mask["differing"] / mask["pixels"] for mask in masks)
        sentence = (
            f"{client.protocol}: {len(masks)} masks differ from the Keras model's in at"
            f" most {worst:.4%} of a photo's pixels, allowed are"
            f" {max_differing_share:.4%}"
        )
    elif same < len(masks):
        sentence = (
            f"{client.protocol}: {len(masks)} masks are the Keras model's, pixel for"
            f" pixel ({same} of them byte for byte; the other PNGs pack the same pixels"
            " in other bytes)"
        )
    return Check(name="masks", passed=not wrong, sentence=sentence), masks


def check_batch(
    client: PhotoClient, answers: Sequence[KerasAnswer], max_differing_share: float
) -> Check:
    """Asks for all photos in one request, and for the first one twice."""
    asked = [answers[0], *answers]
    try:
        served = client.masks([answer.image_bytes for answer in asked])
    except CallError as err:
        wrong = [str(err)]
    else:
        masks = [
            _difference(answer, png)
            for answer, png in zip(asked, served, strict=len(asked) == len(served))
        ]
        wrong = [
            _say(mask) for mask in masks if not _is_right(mask, max_differing_share)
        ]
        if len(asked) != len(served):
            wrong = [f"{len(served)} masks came back"]
    sentence = f"{client.protocol}: {len(asked)} photos in one request get their masks"
    if wrong:
        sentence = (
            f"{client.protocol}: {len(asked)} photos in one request must get their own"
            f" masks, {'; '.join(wrong)}"
        )
    return Check(name="batch", passed=not wrong, sentence=sentence)


def check_warmup(
    client: GrpcClient, requests: Sequence[predict_pb2.PredictRequest]
) -> Check:
    """Replays the warm-up requests; a server refuses a model that fails one."""
    for index, request in enumerate(requests):
        try:
            client.predict(request)
        except CallError as err:
            signature = request.model_spec.signature_name
            sentence = (
                f"warm-up request {index} ({signature}) must be answered, got {err}"
            )
            return Check(name="warm_up", passed=False, sentence=sentence)
    sentence = f"{len(requests)} warm-up requests are answered"
    return Check(name="warm_up", passed=True, sentence=sentence)


def check_bad_photo(client: PhotoClient, answer: KerasAnswer) -> Check:
    """Sends a file that is no picture; the next photo must be answered."""
    code, said = _bad_photo_code(client), "the server goes on"
    passed = code == client.bad_photo_code
    try:
        client.masks([answer.image_bytes])
    except CallError as err:
        passed, said = False, f"the next photo got {err}"
    sentence = f"{client.protocol}: a file that is no picture gets {code}; {said}"
    if not passed:
        sentence += f"; it must be {client.bad_photo_code}, and the next photo answered"
    return Check(name="bad_photo", passed=passed, sentence=sentence)


def measure_latency(
    client: PhotoClient, answers: Sequence[KerasAnswer], requests: int
) -> list[float]:
    """Returns the milliseconds of each request, one photo after the other.

    Raises:
        CallError: A request was not answered.
    """
    times_ms = []
    for index in range(requests):
        photo = answers[index % len(answers)].image_bytes
        start = time.perf_counter()
        client.masks([photo])
        times_ms.append((time.perf_counter() - start) * 1000)
    return times_ms


def check_bound(
    name: str, figure: float | None, bound: float | None, what: str
) -> list[Check]:
    """Returns a check where there are a figure and a bound."""
    if figure is None or bound is None:
        return []
    sentence = f"{what} is {figure:.1f}, allowed is {bound:g} (serve.{name})"
    return [Check(name=name, passed=figure <= bound, sentence=sentence)]


def _compare(client: PhotoClient, answer: KerasAnswer) -> dict[str, Any]:
    found: dict[str, Any] = {"protocol": client.protocol, "photo": answer.name}
    try:
        (served,) = client.masks([answer.image_bytes])
    except (CallError, ValueError) as err:
        return found | {"error": str(err)}
    return found | _difference(answer, served)


def _difference(answer: KerasAnswer, served_png: bytes) -> dict[str, Any]:
    try:
        return {
            "photo": answer.name,
            **vars(compare_masks(answer.mask_png_bytes, served_png)),
        }
    except ValueError as err:
        return {"photo": answer.name, "error": str(err)}


def _is_right(mask: Mapping[str, Any], max_differing_share: float) -> bool:
    if "error" in mask:
        return False
    is_within: bool = mask["differing"] <= max_differing_share * mask["pixels"]
    return is_within


def _say(mask: Mapping[str, Any]) -> str:
    if "error" in mask:
        return f"{mask['photo']}: {mask['error']}"
    return f"{mask['photo']} differs in {mask['differing']} of {mask['pixels']} pixels"


def _bad_photo_code(client: PhotoClient) -> str:
    try:
        client.masks([NO_PHOTO])
    except CallError as err:
        return err.code
    return "a mask"
