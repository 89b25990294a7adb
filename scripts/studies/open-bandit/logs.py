"""Writes the small Open Bandit logs of the package obp 0.5.7 as CSV files, with obp's own estimates on the same rows.

python logs.py FOLDER. For each campaign and each of the two policies that were really run, FOLDER/<campaign>-<policy>.csv gets
the columns reward, propensity, target, predicted, predictedTarget; the target is the other policy. Prints one JSON object of
obp's estimates and of what the target policy really earned in its own log.
"""

import json
import sys
from pathlib import Path
from unittest.mock import MagicMock

# obp imports torch for policy learners, which are not used here.
torch = MagicMock(__spec__=None, Tensor=type("Tensor", (), {}))
torch.utils.data.Dataset = type("Dataset", (), {})
sys.modules["torch"] = torch
for name in ["nn", "nn.functional", "optim", "utils", "utils.data"]:
    sys.modules[f"torch.{name}"] = torch

import numpy as np  # noqa: E402
from obp.dataset import OpenBanditDataset  # noqa: E402
from obp.ope import (  # noqa: E402
    DoublyRobust,
    InverseProbabilityWeighting,
    RegressionModel,
    SelfNormalizedInverseProbabilityWeighting,
)
from obp.policy import BernoulliTS, Random  # noqa: E402
from sklearn.linear_model import LogisticRegression  # noqa: E402

CAMPAIGNS = ["all", "men", "women"]
SIMULATIONS = 100_000


def target_chances(name: str, dataset: OpenBanditDataset, campaign: str, rounds: int) -> np.ndarray:
    """Rounds × actions × positions."""
    shape = {"n_actions": dataset.n_actions, "len_list": dataset.len_list, "random_state": 1}
    if name == "random":
        return Random(**shape).compute_batch_action_dist(n_rounds=rounds)
    policy = BernoulliTS(**shape, is_zozotown_prior=True, campaign=campaign)
    return policy.compute_batch_action_dist(n_rounds=rounds, n_sim=SIMULATIONS)


def main(folder: Path) -> dict:
    folder.mkdir(parents=True, exist_ok=True)
    results = {}
    for campaign in CAMPAIGNS:
        for logged, other in [("random", "bts"), ("bts", "random")]:
            dataset = OpenBanditDataset(behavior_policy=logged, campaign=campaign)
            log = dataset.obtain_batch_bandit_feedback()
            rounds, actions, positions = log["n_rounds"], log["action"], log["position"]
            chances = target_chances(other, dataset, campaign, rounds)
            model = RegressionModel(
                n_actions=dataset.n_actions,
                len_list=dataset.len_list,
                action_context=dataset.action_context,
                base_model=LogisticRegression(C=0.1, max_iter=1000, random_state=1),
            )
            predicted = model.fit_predict(
                context=log["context"],
                action=actions,
                reward=log["reward"],
                position=positions,
                pscore=log["pscore"],
                n_folds=1,
                random_state=1,
            )
            row = np.arange(rounds)
            columns = np.column_stack([
                log["reward"],
                log["pscore"],
                chances[row, actions, positions],
                predicted[row, actions, positions],
                (chances[row, :, positions] * predicted[row, :, positions]).sum(axis=1),
            ])
            name = f"{campaign}-{logged}"
            header = "reward,propensity,target,predicted,predictedTarget"
            np.savetxt(folder / f"{name}.csv", columns, "%.17g", ",", header=header, comments="")
            given = {
                "reward": log["reward"],
                "action": actions,
                "position": positions,
                "pscore": log["pscore"],
                "action_dist": chances,
                "estimated_rewards_by_reg_model": predicted,
            }
            truth = OpenBanditDataset(behavior_policy=other, campaign=campaign)
            rewards = truth.obtain_batch_bandit_feedback()["reward"]
            results[name] = {
                "target": other,
                "ips": InverseProbabilityWeighting().estimate_policy_value(**given),
                "snips": SelfNormalizedInverseProbabilityWeighting().estimate_policy_value(**given),
                "dr": DoublyRobust().estimate_policy_value(**given),
                "truth": rewards.mean(),
                "truthError": rewards.std(ddof=1) / np.sqrt(len(rewards)),
            }
    return results


print(json.dumps(main(Path(sys.argv[1]))))
