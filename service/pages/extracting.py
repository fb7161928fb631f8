"""Where the catalogue's messages come from, besides templates: methods for Babel's extraction (`make catalogue`).

Nothing is marked in the rules, which know no catalogue: whatever in them reads like words for people is a message, and
an f-string is one with its values named. In the pages' own modules messages are what `_` and `ngettext` are given, and
the words in tables that modules begin with, which are looked up where they are shown.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import IO, Any

from babel.messages.extract import extract_python

from service.pages.languages import BY_RULES
from service.pages.sentences import capitalised

#: A message as Babel's methods give it: its line, the function that it was given to, itself, what is noted beside it.
Found = tuple[int, str, Any, list[str]]
Text = ast.Constant | ast.JoinedStr
#: Two words beside each other, or a value beside one.
_WORDS = re.compile(r"[A-Za-z’',;:)] [A-Za-z(“%]|[”)s][:.]? [a-z(%“]|^%\(\w+\)s:? [a-z%]")
#: What begins like a sentence or a label.
_LABEL = re.compile(r"[A-Z“](?=.*[a-z])[^/=<>]+$", re.DOTALL)
#: What no person reads: patterns, addresses and stored names.
_NO_WORDS = re.compile(r"[\\^|{}\[\]]|\(\?|://|^\w*_\w*$")
#: Words of a message's own, without which only its values speak.
_OWN_WORDS = re.compile(r"\b(?!and\b|or\b|of\b)[A-Za-z]{2,}")
_PLACEHOLDER = re.compile(r"%\(\w+\)s")
_PLACEHOLDERS = re.compile(r"(%\(\w+\)s)( ?%\(\w+\)s)+")
#: Calls of the rules that are given words, however short, from which argument on.
_SAYS = {
    "State": 1, "count": 1, "on_day": 1, "slot": 1, "Pause": 2, "tell": 2, "incident": 1, "earlier_of": 2,
    "later_of": 2,
}  # fmt: skip
_SAID_AS = frozenset({"says", "label", "because", "note", "event"})
#: How deadlines are called that several modules name.
_BY = re.compile(r"^[a-z_]+_by$")
#: Calls by which the service says what is wrong.
_PROBLEMS = re.compile(r"^(Problem|Refused|NotYourMove|ValueError|BackwardsError|UnknownTokenError|_again)$")
#: What only whoever writes a program or a policy reads.
_NOT_SHOWN = frozenset({"TableMistake", "PolicyMistake", "TypeError", "RuntimeError"})


def of_pages(file: IO[bytes], keywords: Any, comment_tags: Any, options: Any) -> Iterator[Found]:  # noqa: ANN401 - Babel's
    """What the modules of pages look up, the words in their tables, and what they say is wrong."""
    yield from extract_python(file, keywords, comment_tags, options)  # type: ignore[misc]
    file.seek(0)
    tree = ast.parse(file.read())
    for statement in tree.body:
        match statement:
            case ast.AnnAssign(annotation=ast.Subscript() as kind, value=ast.Dict() as table) if _names_words(kind):
                yield from ((value.lineno, "", value.value, []) for value in table.values)  # type: ignore[attr-defined]
            case ast.Assign(value=table) | ast.AnnAssign(value=ast.expr() as table):
                yield from _labels(table)
    yield from _problems(tree)


def of_rules(file: IO[bytes], keywords: Any, comment_tags: Any, options: Any) -> Iterator[Found]:  # noqa: ANN401, ARG001 - Babel's
    """What reads like words in a module of the rules, and the names that are shown as words."""
    tree = ast.parse(file.read())
    short = {id(node) for node in _given_as_words(tree)}
    yield from _sentences(_texts(tree), short)
    for node in _names(tree):
        yield node.lineno, "", capitalised(str(node.value).replace("_", " ").replace("-", " ")), [BY_RULES]


def of_problems(file: IO[bytes], keywords: Any, comment_tags: Any, options: Any) -> Iterator[Found]:  # noqa: ANN401, ARG001 - Babel's
    """What the service says when something cannot be done."""
    yield from _problems(ast.parse(file.read()))


# -- texts in a module
def _problems(tree: ast.AST) -> Iterator[Found]:
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        if _PROBLEMS.match(_called(call)):
            yield from _sentences(_texts(*call.args), frozenset())


def _sentences(texts: Iterable[Text], short: Iterable[int]) -> Iterator[Found]:
    for node in texts:
        message = _message(node)
        if not _OWN_WORDS.findall(_PLACEHOLDER.sub("", message)) or _NO_WORDS.search(message):
            continue
        if id(node) in short or _WORDS.search(message):
            yield node.lineno, "", message, [BY_RULES]


def _texts(*trees: ast.AST) -> Iterator[Text]:
    """Every text that is neither documentation, nor a piece of another text, nor what is not shown."""
    nodes = [node for tree in trees for node in ast.walk(tree)]
    left_out = {left for node in nodes for left in _left_out(node)}
    for node in nodes:
        is_text = isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))
        if is_text and id(node) not in left_out:
            yield node  # type: ignore[misc]


def _left_out(node: ast.AST) -> Iterator[int]:
    match node:
        case ast.Expr(value=ast.Constant()):
            yield id(node.value)
        case ast.JoinedStr():
            yield from map(id, node.values)
            formats = [value.format_spec for value in node.values if isinstance(value, ast.FormattedValue)]
            yield from (id(part) for spec in formats if spec is not None for part in ast.walk(spec))
        case ast.Call() if _called(node) in _NOT_SHOWN:
            yield from map(id, ast.walk(node))


def _message(node: Text) -> str:
    """The text as a message; its values by their names, and several that only a space parts as one."""
    if isinstance(node, ast.Constant):
        return str(node.value).replace("%", "%%")
    names: Counter[str] = Counter()
    pieces = (_message(v) if isinstance(v, ast.Constant) else _placeholder(v, names) for v in node.values)
    return _PLACEHOLDERS.sub(r"\1", "".join(pieces))


def _placeholder(value: ast.expr, names: Counter[str]) -> str:
    """What a value is called: by the last name in it."""
    name = (_name(value.value if isinstance(value, ast.FormattedValue) else value) or "value").strip("_").lower()
    names[name] += 1
    return f"%({name}{names[name] if names[name] > 1 else ''})s"


def _name(value: ast.AST) -> str | None:
    match value:
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.Subscript(slice=ast.Constant(value=str(name))):
            return name
        case ast.Call(args=[ast.Name(id="turn")], func=called) | ast.Call(args=[], func=ast.Attribute(value=called)):
            return _name(called)
        case ast.Call(args=[first, *_]):
            return _name(first)
        case ast.Subscript(value=of):
            return _name(of)
        case _:
            return None


# -- words however short
def _given_as_words(tree: ast.AST) -> Iterator[ast.AST]:
    """Texts in the place of words: labels, sentences of states, reasons, and events with their days."""
    for node in ast.walk(tree):
        match node:
            case ast.Call() if _called(node) in _SAYS:
                yield from node.args[_SAYS[_called(node)] :]
            case ast.keyword(arg=str(name)) if name in _SAID_AS:
                yield node.value
            case ast.Dict():
                pairs = zip(node.keys, node.values, strict=True)
                yield from (value for key, value in pairs if isinstance(key, ast.Constant) and key.value in _SAID_AS)
            case ast.FunctionDef(returns=ast.expr() as answers) if ast.unparse(answers).startswith("tuple[str, date"):
                returned = (part for part in ast.walk(node) if isinstance(part, ast.Return))
                tuples = (part for one in returned for part in ast.walk(one) if isinstance(part, ast.Tuple))
                yield from (one.elts[0] for one in tuples if one.elts)
            case ast.Assign(targets=[ast.Tuple(elts=[*_, ast.Name(id="event")])]):
                yield from ast.walk(node.value)


def _names(tree: ast.AST) -> Iterator[ast.Constant]:
    """Stored names: members of the vocabulary, what payloads choose from, and the moves and deadlines themselves."""
    for node in ast.walk(tree):
        match node:
            case ast.ClassDef(bases=[ast.Name(id="StrEnum")]):
                yield from (
                    s.value for s in node.body if isinstance(s, ast.Assign) and isinstance(s.value, ast.Constant)
                )
            case ast.Subscript(value=ast.Name(id="Literal")):
                yield from (n for n in ast.walk(node.slice) if isinstance(n, ast.Constant) and isinstance(n.value, str))
            case ast.Call(args=[ast.Constant() as trigger, *_]) if _called(node) == "Move":
                yield trigger
            case ast.Dict(values=[ast.Call() as rule, *_]) if _called(rule) == "DeadlineRule":
                yield from (key for key in node.keys if isinstance(key, ast.Constant))
            case ast.Assign(targets=[ast.Name()], value=ast.Constant(value=str(name)) as deadline) if _BY.match(name):
                yield deadline


def _names_words(kind: ast.Subscript) -> bool:
    """Whether a table is one of words alone, however short they are."""
    return ast.unparse(kind) == "dict[str, str]"


def _labels(value: ast.AST) -> Iterator[Found]:
    """The words in a table; the keys by which they are found are none."""
    match value:
        case ast.Dict():
            for part in value.values:
                yield from _labels(part)
        case ast.Constant(value=str(text)):
            if _NO_WORDS.search(text) is None and (_LABEL.match(text) or _WORDS.search(text)):
                yield value.lineno, "", text, [BY_RULES] if _PLACEHOLDER.search(text) else []
        case ast.JoinedStr():
            pass
        case _:
            for child in ast.iter_child_nodes(value):
                yield from _labels(child)


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
