#!/usr/bin/env python3
"""Writes tests/core/run_import/data: event files by torch.utils.tensorboard, tensorboardX and
tensorboard's own Writer (scalars as tensors). Run by hand (torch 2.11, tensorboard 2.21, tensorboardX 2.6)."""
import pathlib
import shutil
import tempfile

import numpy
import tensorboardX
from tensorboard.summary import Writer
from torch.utils.tensorboard import SummaryWriter

OUT = pathlib.Path(__file__).resolve().parent.parent / "core/run_import/data"
START = 1_700_000_000.0


def keep(folder, name):
    (file,) = sorted(pathlib.Path(folder).glob("*tfevents*"))
    shutil.copy(file, OUT / name)


def torch_file():
    with tempfile.TemporaryDirectory() as folder:
        writer = SummaryWriter(folder)
        writer.add_text("note", "hello", 0, walltime=START)
        for step in range(1, 6):
            time = START + 10 * step
            writer.add_scalar("train/loss", 5.5 - 0.25 * step, step, walltime=time)
            writer.add_scalar("train/learning_rate", 1e-4 * step, step, walltime=time + 0.125)
        writer.add_scalar("eval/loss", float("nan"), 5, walltime=START + 60)
        writer.add_histogram("weights", numpy.arange(10.0), 5, walltime=START + 61)
        writer.close()
        keep(folder, "events.out.tfevents.1700000000.torch")


def tensorboardx_file():
    """A second attempt from step 4 on."""
    with tempfile.TemporaryDirectory() as folder:
        writer = tensorboardX.SummaryWriter(folder)
        for step in range(4, 8):
            writer.add_scalar("train/loss", 3.0 + 0.125 * step, step, walltime=START + 100 + 10 * step)
        writer.close()
        keep(folder, "events.out.tfevents.1700000100.tensorboardx")


def tensor_file():
    with tempfile.TemporaryDirectory() as folder:
        writer = Writer(folder)
        for step in range(3):
            writer.add_scalar("accuracy", 0.5 + 0.125 * step, step, wall_time=START + step * 5)
        writer.close()
        keep(folder, "tensors.tfevents")


OUT.mkdir(parents=True, exist_ok=True)
torch_file()
tensorboardx_file()
tensor_file()
