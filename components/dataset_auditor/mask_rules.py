"""What is wrong with one mask, as rule and sentence."""

from __future__ import annotations

from components.dataset_auditor.class_table import ClassTable
from components.dataset_auditor.mask_measures import MaskMeasures
from components.dataset_auditor.tolerances import AuditTolerances


def judge_mask(
    measures: MaskMeasures, table: ClassTable, tolerances: AuditTolerances
) -> list[tuple[str, str]]:
    """Returns (rule, sentence) of everything that is wrong with the mask."""
    defects: list[tuple[str, str]] = []
    if measures.unknown_px:
        ids = ", ".join(f"{key} ({n} px)" for key, n in measures.unknown_px.items())
        known = f"{min(table.names)}..{max(table.names)} and {table.void_id} for void"
        defects.append(
            ("unknown_id", f"the mask holds id {ids}; the taxonomy knows {known}")
        )
    labelled = sum(measures.class_px.values())
    pixels = labelled + measures.void_px + sum(measures.unknown_px.values())
    if not labelled and not measures.unknown_px:
        defects.append(("empty_mask", f"all {pixels} pixels of the mask are void"))
    elif set(measures.class_px) == {table.background_id} and not measures.unknown_px:
        name = table.names.get(min(measures.class_px))
        defects.append(("background_only_mask", f"the mask holds only {name!r}"))
    if labelled and measures.void_px > tolerances.void_share_per_image * pixels:
        share = measures.void_px / pixels
        defects.append(
            (
                "void_share",
                f"{share:.1%} of the mask is void, more than"
                f" {tolerances.void_share_per_image:.1%}",
            )
        )
    if measures.specks > tolerances.max_specks_per_image and measures.first_speck:
        class_id, x, y = measures.first_speck
        defects.append(
            (
                "specks",
                f"{measures.specks} pieces below {tolerances.speck_area_px} px, the"
                f" first of {table.names[class_id]!r} at x={x}, y={y}",
            )
        )
    return defects
