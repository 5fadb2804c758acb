"""Slips in sums, products, powers, signs and comparisons."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .slips import (
    ODD,
    PLAUSIBLE,
    SMALL,
    Slip,
    called,
    constant,
    everywhere,
    minus,
    numpy,
    operation,
    sigmoid,
    softmax,
)
from .speaking import NAMELESS, Speaker


def terms(node: ast.AST, say: Speaker) -> Iterator[Slip]:
    """Yield sums and differences: a sign, a term left out, the other way round."""
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, (ast.Add, ast.Sub)):
        return
    left, right = _told(node.left, say), _told(node.right, say)
    if isinstance(node.op, ast.Add):
        yield everywhere(
            operation(node.left, ast.Sub(), node.right), f"{right} were subtracted and not added"
        )
        yield Slip(
            operation(node.right, ast.Sub(), node.left), f"{left} were subtracted and not added"
        )
        yield everywhere(node.left, f"{right} were not added")
        yield Slip(node.right, f"{left} were left out")
        return
    shift = shifted(node, say) is not None
    yield everywhere(node.left, f"{right} were not subtracted", guard=shift)
    yield everywhere(
        operation(node.left, ast.Add(), node.right),
        f"{right} were added and not subtracted",
        PLAUSIBLE if shift else 0,
    )
    if not (isinstance(node.left, ast.Constant) and node.left.value == 0):
        yield Slip(minus(node.right), f"{left} were left out", rank=PLAUSIBLE if shift else 0)
    yield Slip(node.right, f"only {right} were taken, without {left} before it", rank=PLAUSIBLE)
    yield everywhere(
        operation(node.right, ast.Sub(), node.left),
        f"{left} were subtracted from {right}, and not the other way round",
        PLAUSIBLE,
    )


def _told(node: ast.AST, say: Speaker) -> str:
    """Return the words for a term or a factor."""
    words = say.noun(node)
    return f"the number {words}" if isinstance(node, ast.Constant) else words


def shifted(node: ast.AST, say: Speaker) -> ast.expr | None:
    """Return what a maximum is subtracted from, or None."""
    node = say.resolved(node)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub):
        taken = say.resolved(node.right)
        if isinstance(taken, ast.Subscript):
            taken = say.resolved(taken.value)
        if called(taken) == "where" and isinstance(taken, ast.Call) and len(taken.args) == 3:
            taken = say.resolved(taken.args[1])
        if called(taken) in ("max", "maximum"):
            return node.left
    return None


def brackets(node: ast.AST, say: Speaker) -> Iterator[Slip]:
    """Yield brackets that are forgotten, or set around too much."""
    if not isinstance(node, ast.BinOp):
        return
    left, right, op = node.left, node.right, node.op
    sums, products = (ast.Add, ast.Sub), (ast.Mult, ast.Div)
    if isinstance(op, sums):
        if isinstance(left, ast.BinOp) and isinstance(left.op, ast.Mult):
            for factor, rest in ((left.left, left.right), (left.right, left.left)):
                new = operation(factor, ast.Mult(), operation(rest, op, right))
                yield Slip(new, f"{say.noun(factor)} multiplied both parts, not the first alone")
        if isinstance(left, ast.BinOp) and isinstance(left.op, ast.Div):
            new = operation(operation(left.left, op, right), ast.Div(), left.right)
            yield Slip(new, f"{say.noun(left.right)} divided both parts, not the first alone")
        if isinstance(right, ast.BinOp) and isinstance(right.op, products):
            new = operation(operation(left, op, right.left), right.op, right.right)
            verb = "multiplied" if isinstance(right.op, ast.Mult) else "divided"
            yield Slip(new, f"{say.noun(right.right)} {verb} both parts, not the last alone")
    if isinstance(op, products) and isinstance(left, ast.BinOp) and isinstance(left.op, sums):
        new = operation(left.left, left.op, operation(left.right, op, right))
        verb = "multiplied" if isinstance(op, ast.Mult) else "divided"
        yield Slip(new, f"{say.noun(right)} {verb} only the last part: a forgotten bracket")
    if isinstance(op, ast.Mult) and isinstance(right, ast.BinOp) and isinstance(right.op, sums):
        new = operation(operation(left, op, right.left), right.op, right.right)
        yield Slip(new, f"{say.noun(left)} multiplied only the first part: a forgotten bracket")


def factors(node: ast.AST, say: Speaker) -> Iterator[Slip]:
    """Yield products and quotients: a factor left out, or turned over."""
    if not isinstance(node, ast.BinOp):
        return
    left, right = _told(node.left, say), _told(node.right, say)
    if isinstance(node.op, ast.Mult):
        for kept, lost in ((node.left, right), (node.right, left)):
            yield everywhere(kept, f"{lost} were left out as a factor")
        yield everywhere(
            operation(node.left, ast.Div(), node.right), f"{right} divided and did not multiply"
        )
        yield Slip(
            operation(node.right, ast.Div(), node.left), f"{left} divided and did not multiply"
        )
        yield Slip(
            operation(node.left, ast.Add(), node.right),
            f"{left} and {right} were added and not multiplied",
            rank=ODD,
        )
    elif isinstance(node.op, ast.Div):
        if ast.unparse(node).startswith("1 / (1 + np.exp(-"):
            falling = node.right.right  # type: ignore[attr-defined]
            risen = operation(constant(1), ast.Div(), falling)
            yield Slip(risen, "exponentials stood in place of sigmoids")
        yield from _quotients(node, left, right)
        yield from _shares(node, say)
    elif isinstance(node.op, ast.FloorDiv):
        yield Slip(
            operation(node.left, ast.Div(), node.right),
            f"the division by {right} were not done in whole numbers",
        )
        yield Slip(
            operation(node.left, ast.Mod(), node.right),
            f"the rest of the division by {right} were taken",
        )


def _quotients(node: ast.BinOp, left: str, right: str) -> Iterator[Slip]:
    yield everywhere(
        operation(node.left, ast.Mult(), node.right), f"{right} multiplied and did not divide"
    )
    yield everywhere(node.left, f"nothing were divided by {right}")
    if not (isinstance(node.left, ast.Constant) and node.left.value == 1):
        yield Slip(
            operation(constant(1), ast.Div(), node.right), f"1 stood above the line, and not {left}"
        )
    yield Slip(
        operation(node.right, ast.Div(), node.left),
        f"{right} were divided by {left}, and not the other way round",
    )
    yield everywhere(
        operation(node.left, ast.FloorDiv(), node.right),
        f"the division by {right} were done in whole numbers",
        PLAUSIBLE,
    )
    yield everywhere(
        operation(node.left, ast.Sub(), node.right), f"{right} were subtracted, and no divisor", ODD
    )
    yield everywhere(
        operation(node.left, ast.Div(), numpy("sqrt", node.right)),
        f"the divisor were the square root of {right}",
        PLAUSIBLE,
    )


def _shares(node: ast.BinOp, say: Speaker) -> Iterator[Slip]:
    """Yield shares of a sum: another softmax, sigmoids, ratios that are averaged."""
    total = say.resolved(node.right)
    if called(total) != "sum" or not isinstance(total, ast.Call) or not total.args:
        return
    above = say.resolved(node.left)
    if ast.dump(total.args[0]) == ast.dump(node.left):
        yield Slip(softmax(node.left), "softmax were applied, and not only the sum divided by")
        inside = above.args[0] if called(above) == "exp" else None  # type: ignore[attr-defined]
        if inside is not None:
            logits = shifted(inside, say) or inside
            yield Slip(
                sigmoid(logits), "a sigmoid were taken of each logit, and not softmax of all"
            )
    if called(above) == "sum" and isinstance(above, ast.Call) and above.args:
        weighted = above.args[0]
        if isinstance(weighted, ast.BinOp) and isinstance(weighted.op, ast.Mult):
            for weight, value in ((weighted.left, weighted.right), (weighted.right, weighted.left)):
                if ast.dump(weight) == ast.dump(total.args[0]):
                    plain = numpy("mean", value, **{str(k.arg): k.value for k in total.keywords})
                    yield Slip(plain, "a plain mean were taken, and not the weighted one")
        ratios = operation(above.args[0], ast.Div(), total.args[0])
        yield Slip(
            ast.Call(total.func, [ratios], total.keywords),
            "ratios were added, and not the sums divided",
            rank=PLAUSIBLE,
        )
        yield Slip(numpy("mean", ratios), "ratios were averaged, and not the sums divided")


def denominators(node: ast.AST, say: Speaker) -> Iterator[Slip]:
    """Yield denominators to which a small number is added, or that are kept away from 0."""
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Div):
        return
    plain = _bare(say.resolved(node.right) if called(node.right) == "where" else node.right)
    words = f"a small number in the denominator kept {say.noun(plain)} away from 0"
    for small in SMALL:
        for below in (
            operation(node.right, ast.Add(), constant(small)),
            operation(plain, ast.Add(), constant(small)),
            numpy("maximum", plain, constant(small)),
        ):
            yield everywhere(operation(node.left, ast.Div(), below), words, PLAUSIBLE)


def _bare(node: ast.AST) -> ast.AST:
    """Return what is guarded against 0: x of ``np.where(x > 0, x, 1.0)``."""
    if isinstance(node, ast.Call) and called(node) == "where" and len(node.args) == 3:
        return node.args[1]
    if isinstance(node, ast.Call) and called(node) == "maximum":
        return node.args[0]
    return node


def powers(node: ast.AST, say: Speaker) -> Iterator[Slip]:
    """Yield powers: forgotten, turned over, the wrong one."""
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Pow):
        return
    base, exponent = say.noun(node.left), say.noun(node.right)
    squared = isinstance(node.right, ast.Constant) and node.right.value == 2
    words = f"{base} were not squared" if squared else f"the exponent {exponent} were left out"
    yield everywhere(node.left, words)
    yield Slip(constant(1), f"the power of {base} were left out")
    yield Slip(
        operation(node.left, ast.Pow(), minus(node.right)),
        f"the sign of the exponent of {base} were reversed",
    )
    if not squared:
        yield everywhere(
            operation(node.left, ast.Mult(), node.right),
            f"{base} were multiplied by {exponent}, and not raised to it",
        )
    for more, by in ((1, "large"), (-1, "small")):
        yield Slip(
            operation(node.left, ast.Pow(), operation(node.right, ast.Add(), constant(more))),
            f"the exponent of {base} were one too {by}",
        )


def matrices(node: ast.AST, say: Speaker) -> Iterator[Slip]:
    """Yield matrix products and transposes."""
    if isinstance(node, ast.Attribute) and node.attr == "T":
        yield everywhere(node.value, f"{say.noun(node.value)} were not transposed")
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.MatMult):
        return
    left, right = say.noun(node.left), say.noun(node.right)
    yield everywhere(
        operation(node.left, ast.Mult(), node.right),
        "entries were multiplied one by one, and no matrix product taken",
    )
    yield Slip(
        operation(node.right, ast.MatMult(), node.left),
        f"{left} and {right} changed places in a matrix product",
    )
    for turned, name in ((node.left, left), (node.right, right)):
        if isinstance(turned, ast.Attribute) and turned.attr == "T":
            continue
        new = ast.Attribute(turned, "T", ast.Load())
        both = (new, node.right) if turned is node.left else (node.left, new)
        yield everywhere(operation(both[0], ast.MatMult(), both[1]), f"{name} were transposed")
    for kept, lost in ((node.left, right), (node.right, left)):
        yield Slip(kept, f"{lost} were left out of a matrix product")


def signs(node: ast.AST, say: Speaker) -> Iterator[Slip]:
    """Yield a minus too many or too few, a “not” forgotten, −∞ as another number."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.Not, ast.Invert)):
        yield Slip(node.operand, "a “not” were missing")
    if isinstance(node, ast.Call) and called(node) in ("exp", "log1p", "maximum") and node.args:
        turned = ast.Call(node.func, [minus(node.args[0]), *node.args[1:]], node.keywords)
        yield everywhere(turned, f"the sign inside {say.noun(node)} were reversed")
    if not isinstance(node, ast.UnaryOp) or not isinstance(node.op, ast.USub):
        return
    if ast.unparse(node.operand) in ("np.inf", "math.inf"):
        yield everywhere(constant(0), "0 stood where −∞ belongs")
        for large in (-1e4, -1e9, -1e10, -1e30):
            yield everywhere(constant(large), "a large negative number stood where −∞ belongs")
    elif not isinstance(node.operand, ast.Constant):
        yield everywhere(
            node.operand, f"the minus sign before {say.noun(node.operand)} were missing"
        )


_TURNED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.Gt, ast.GtE),
    ast.Gt: (ast.Lt, ast.LtE),
    ast.LtE: (ast.GtE, ast.Gt),
    ast.GtE: (ast.LtE, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
}
_BORDER: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.Gt: ast.GtE,
    ast.LtE: ast.Lt,
    ast.GtE: ast.Gt,
}


def comparisons(node: ast.AST, say: Speaker) -> Iterator[Slip]:
    """Yield comparisons: equal values, the wrong way round, the value for the truth, one of two."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.BitAnd, ast.BitOr)):
        for kept, lost in ((node.left, "second"), (node.right, "first")):
            yield Slip(kept, f"the {lost} of two conditions were left out")
        if isinstance(node.op, ast.BitAnd):
            either = operation(node.left, ast.BitOr(), node.right)
            yield Slip(either, "one of two conditions were enough, and not both needed")
    if not isinstance(node, ast.Compare) or len(node.ops) != 1:
        return
    kind, right = type(node.ops[0]), say.noun(node.comparators[0])
    if kind in _BORDER:
        counted = "counted too" if kind in (ast.Lt, ast.Gt) else "did not count"
        new = ast.Compare(node.left, [_BORDER[kind]()], node.comparators)
        yield everywhere(new, f"values equal to {right} {counted}")
    for turned in _TURNED.get(kind, ()):
        new = ast.Compare(node.left, [turned()], node.comparators)
        of = f" of {left}" if NAMELESS not in (left := say.noun(node.left)) else ""
        yield Slip(
            new,
            f"the comparison{of} with {right} were the other way round",
            f"the comparisons with {right} were the other way round",
        )
    if kind in (ast.Gt, ast.GtE):
        left = say.noun(node.left)
        words = f"the size of {left} counted, and not only on which side of {right} it is"
        yield Slip(node.left, words, rank=PLAUSIBLE)
        yield Slip(numpy("maximum", node.left, node.comparators[0]), words, rank=PLAUSIBLE)
