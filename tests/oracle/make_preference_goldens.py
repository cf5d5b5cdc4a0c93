"""Losses, derivatives and metrics of preference pairs: TRL's own where it has the loss, else the
papers' formulas (core/train/preference_loss.h names them), differentiated by autograd in fp64.

Run by hand: python tests/oracle/make_preference_goldens.py   (torch 2.11, trl 1.16)
Writes tests/fixtures/preference/goldens.json.
"""

import collections
import json
import pathlib
import types

import torch
import torch.nn.functional as F
from trl.trainer.dpo_trainer import DPOTrainer

ROOT = pathlib.Path(__file__).resolve().parent.parent / "fixtures" / "preference"
PAIRS, LENGTH = 5, 12


def data():
    generator = torch.Generator().manual_seed(3)
    tokens = torch.randint(2, LENGTH - 1, (2 * PAIRS,), generator=generator)
    mask = torch.zeros(2 * PAIRS, LENGTH, dtype=torch.long)
    for row, count in enumerate(tokens):
        mask[row, LENGTH - count:] = 1
    log_probs = -2 * torch.rand(2 * PAIRS, LENGTH - 1, generator=generator, dtype=torch.float64)
    log_probs *= mask[:, 1:]
    reference = log_probs.sum(1) + torch.randn(2 * PAIRS, generator=generator, dtype=torch.float64)
    return mask, log_probs, reference


class Accelerator:
    device = torch.device("cpu")

    def gather(self, x):
        return x

    gather_for_metrics = gather


def by_trl(loss, beta, smoothing, mask, log_probs, reference):
    """DPOTrainer._compute_loss on given log probabilities, without a model."""
    trainer = types.SimpleNamespace(
        accelerator=Accelerator(), model=types.SimpleNamespace(training=True),
        aux_loss_enabled=False, ld_alpha=None, precompute_ref_logps=True,
        f_divergence_type="reverse_kl", loss_types=[loss], loss_weights=[1.0], beta=beta,
        label_smoothing=smoothing, use_weighting=False, _total_train_tokens=0, _tp_size=1,
        _metrics={"train": collections.defaultdict(list)})
    leaf = log_probs.clone().requires_grad_(True)
    zeros = torch.zeros_like(log_probs)
    outputs = types.SimpleNamespace(log_probs=leaf, entropy=zeros, mean_logits=zeros,
                                    is_top1=zeros.bool(), loss=None)
    inputs = dict(input_ids=torch.zeros_like(mask), attention_mask=torch.ones_like(mask),
                  completion_mask=mask, ref_chosen_logps=reference[:PAIRS],
                  ref_rejected_logps=reference[PAIRS:])
    value = DPOTrainer._compute_loss(trainer, lambda **_: outputs, inputs, False)
    value.backward()
    # All tokens of an answer have the same derivative: that of its sum.
    slope = (leaf.grad * mask[:, 1:]).sum(1) / mask[:, 1:].sum(1)
    metrics = {name: values[0] for name, values in trainer._metrics["train"].items()
               if name.startswith(("rewards/", "logps/"))}
    return value.item(), slope * PAIRS, metrics


def by_paper(loss, beta, smoothing, means, free, mask, log_probs, reference):
    sums = log_probs.sum(1).clone().requires_grad_(True)
    ratio = sums if free else sums - reference
    if means or loss == "ipo":
        ratio = ratio / mask.sum(1)
    c, r = ratio[:PAIRS], ratio[PAIRS:]
    if loss == "sigmoid":
        x = beta * (c - r)
        losses = -F.logsigmoid(x) * (1 - smoothing) - F.logsigmoid(-x) * smoothing
    elif loss == "kto_pair":
        kl_c, kl_r = c.mean().clamp(min=0).detach(), r.mean().clamp(min=0).detach()
        losses = (2 - torch.sigmoid(beta * (c - kl_r)) - torch.sigmoid(beta * (kl_c - r))) / 2
    elif loss == "bco_pair":
        delta = (beta * torch.cat((c, r))).mean().detach()  # the first batch of a training
        losses = -F.logsigmoid(beta * c - delta) - F.logsigmoid(-(beta * r - delta))
    elif loss == "hinge":
        losses = torch.relu(1 - beta * (c - r))
    losses.mean().backward()
    return losses.mean().item(), sums.grad * PAIRS, {}


def main():
    mask, log_probs, reference = data()
    sums = log_probs.sum(1)
    cases = []

    def add(source, loss, beta, smoothing=0.0, means=False, free=False):
        if source == "trl":
            value, slope, metrics = by_trl(loss, beta, smoothing, mask, log_probs, reference)
        else:
            value, slope, metrics = by_paper(loss, beta, smoothing, means, free, mask, log_probs,
                                             reference)
        cases.append(dict(source=source, loss="sigmoid" if loss == "sigmoid_norm" else loss,
                          beta=beta, label_smoothing=smoothing,
                          length_normalised=means or loss == "sigmoid_norm", reference_free=free,
                          remembers=source == "paper" and loss == "bco_pair", value=value,
                          by_chosen=slope[:PAIRS].tolist(), by_rejected=slope[PAIRS:].tolist(),
                          metrics=metrics))

    for beta in (0.1, 0.7):
        for loss in ("sigmoid", "hinge", "ipo", "nca_pair", "bco_pair", "sppo_hard",
                     "sigmoid_norm"):
            add("trl", loss, beta)
        add("trl", "robust", beta, 0.2)
        add("paper", "sigmoid", beta, 0.15)
        add("paper", "sigmoid", beta, free=True)
        add("paper", "hinge", beta, means=True)
        add("paper", "kto_pair", beta)
        add("paper", "bco_pair", beta)
    pairs = [dict(chosen=sums[i].item(), rejected=sums[PAIRS + i].item(),
                  reference_chosen=reference[i].item(),
                  reference_rejected=reference[PAIRS + i].item(),
                  chosen_tokens=mask[i].sum().item(), rejected_tokens=mask[PAIRS + i].sum().item())
             for i in range(PAIRS)]
    ROOT.mkdir(parents=True, exist_ok=True)
    (ROOT / "goldens.json").write_text(json.dumps(dict(pairs=pairs, cases=cases), indent=1) + "\n")


main()
