"""Plain text tables for the terminal."""

from __future__ import annotations

from collections.abc import Sequence


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Returns aligned columns; columns whose cells are all numbers go right.

    Example:
        >>> print(table(["split", "examples"], [["train", 7], ["eval", 12]]))
        split  examples
        train         7
        eval         12
    """
    cells = [[_text(cell) for cell in row] for row in rows]
    widths = [
        max(len(row[column]) for row in [list(head), *cells])
        for column in range(len(head))
    ]
    right = [
        bool(rows) and all(isinstance(row[column], (int, float)) for row in rows)
        for column in range(len(head))
    ]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if is_right else cell.ljust(width)
            for cell, width, is_right in zip(row, widths, right, strict=True)
        ).rstrip()
        for row in [list(head), *cells]
    )


def _text(cell: object) -> str:
    return f"{cell:.1f}" if isinstance(cell, float) else str(cell)
