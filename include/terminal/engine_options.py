"""The options that say where the batches of a command run."""

import argparse


def add_engine(command: argparse.ArgumentParser, job: str, does: str) -> None:
    """
    Add `--workers` and `--engine` to a command, which set `workers` and `spark_jobs`.

    Args:
        job: the command's name among the jobs of `COPYDESK_SPARK_JOBS`. does: what workers do.
    """
    jobs = {"local": "", "spark": job}

    def read(word: str) -> str:
        if word not in jobs:
            raise argparse.ArgumentTypeError(f"{word!r} is not local or spark")
        return jobs[word]

    command.add_argument("--workers", type=int, help=f"processes that {does}")
    command.add_argument(
        "--engine",
        type=read,
        dest="spark_jobs",
        metavar="local|spark",
        help="where batches run; default: as COPYDESK_SPARK_JOBS says",
    )
