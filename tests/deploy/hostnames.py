"""Names that two workers of one machine report, as containers would."""


def worker1() -> str:
    return "worker1"


def worker2() -> str:
    return "worker2"
