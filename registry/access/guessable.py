"""What guessers try first: words that everybody uses, walks over the keyboard, runs, years, and the person's own names.

These pieces are taken out of a password; what is left over must be long enough to be a secret by itself. A list of the
ten thousand commonest passwords is not shipped: how few of them pass the other rules is in docs/security/sign-in.md.
"""

from collections.abc import Iterable, Iterator

SECRET_LEFT = 6
"""Characters that must remain beside the guessable pieces."""

SHORTEST_PIECE = 3

COMMON = frozenset(
    """
    password passwort passwd pass123 passphrase admin administrator root user guest test demo temp welcome login letmein
    changeme default secret master system manager service server database oracle mysql windows microsoft google apple
    computer internet qwerty azerty iloveyou love baby angel princess sunshine dragon monkey football basketball
    baseball superman batman pokemon starwars shadow michael jordan charlie freedom whatever trustno1 hello summer
    winter spring autumn woaini woaiwojia woshishui zhongguo beijing shanghai china aini520 jiayou nihao laopo laogong
    baobao mima mimamima yonghu guanliyuan xitong minzheng minzhengju weijian jiedao shequ kangfu jingshen jingzhang
    1314 5201314 520 666 888 jingkangtong portal mailcreated standard polniypizdec qazwsxedc
    momsanaladventure hd764nw5d7e1vb1 23176djivanfros
    民政 民政局 民政厅 卫健委 街道 社区 康复 精神 精康 精康通 密码 管理员 我爱你 中国
    """.split()
)

WALKS = (
    "qwertyuiop asdfghjkl zxcvbnm 1234567890 abcdefghijklmnopqrstuvwxyz 1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p "
    "qazwsxedcrfvtgbyhnujmikolp q1w2e3r4t5y6u7i8o9p0 1q2w3e4r5t6y7u8i9o0p a1b2c3d4e5f6g7h8i9j0 147258369 159357 "
    "1qazxsw23edcvfr45tgbnhy67ujm !@#$%^&*()"
).split()

DISGUISES = str.maketrans({"0": "o", "1": "l", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s"})
"""p@ssw0rd is password."""


def is_guessable(password: str, words: Iterable[str] = ()) -> bool:
    """Whether too little of the password is left once its guessable pieces are gone."""
    own = {word.lower() for word in words if len(word) >= 2}
    typed = password.lower()
    left = min(_left_over(typed, own), _left_over(typed.translate(DISGUISES), own))
    return left < SECRET_LEFT


def _left_over(text: str, own: set[str]) -> int:
    marked = [False] * len(text)
    for piece in sorted(COMMON | own, key=len, reverse=True):
        _mark_all(text, piece, marked)
    for start, end in (*_runs(text), *_years(text)):
        marked[start:end] = [True] * (end - start)
    return len({char for char, is_gone in zip(text, marked, strict=True) if not is_gone})


def _mark_all(text: str, piece: str, marked: list[bool]) -> None:
    start = text.find(piece)
    while start >= 0:
        marked[start : start + len(piece)] = [True] * len(piece)
        start = text.find(piece, start + 1)


def _runs(text: str) -> Iterator[tuple[int, int]]:
    """Stretches along a walk, forwards or backwards, and of one character again and again."""
    walks = [*WALKS, *(walk[::-1] for walk in WALKS)]
    for start in range(len(text) - SHORTEST_PIECE + 1):
        piece = text[start : start + SHORTEST_PIECE]
        if len(set(piece)) == 1 or any(piece in walk for walk in walks):
            yield start, start + SHORTEST_PIECE


def _years(text: str) -> Iterator[tuple[int, int]]:
    for start in range(len(text) - 3):
        piece = text[start : start + 4]
        if piece.isascii() and piece.isdigit() and piece[:2] in ("19", "20"):
            yield start, start + 4
