"""Peers of docs/quality.md, on pinwalk's own splits: implicit's BM25 and cosine neighbors and ALS, and dense EASE.

    peers.py TRAIN.tsv.gz VALIDATION.qrels TEST.qrels [--ease] [--only cosine|BM25|ALS|EASE]

TRAIN holds "user <tab> pin" rows; `pinwalk evaluate --qrels` writes the other two. Settings are chosen by NDCG@20 on the
validation part and measured on the test part: Recall@20 and NDCG@20 over all pins without a user's own. Needs numpy, scipy, implicit.
"""
import argparse, gzip, json, time

import numpy as np
from scipy.linalg.lapack import spotrf, spotri
from scipy.sparse import csr_matrix
from implicit.als import AlternatingLeastSquares
from implicit.nearest_neighbours import BM25Recommender, CosineRecommender

K = 20
parser = argparse.ArgumentParser()
parser.add_argument("train"); parser.add_argument("validation"); parser.add_argument("test")
parser.add_argument("--ease", action="store_true"); parser.add_argument("--only")
args = parser.parse_args()

def qrels(file):
    with open(file) as lines:
        return [(user, pin) for user, _, pin, _ in map(str.split, lines)]

with gzip.open(args.train, "rt") as lines:
    pairs = sorted({tuple(line.split("\t")[:2]) for line in lines.read().splitlines()})
users = {user: i for i, user in enumerate(dict.fromkeys(user for user, _ in pairs))}
pins = {pin: i for i, pin in enumerate(dict.fromkeys(pin for _, pin in pairs))}
shape = (len(users), len(pins))

def matrix(rows):
    known = [(users[user], pins[pin]) for user, pin in rows]
    u, p = zip(*known)
    return csr_matrix((np.ones(len(u), np.float32), (u, p)), shape)

def held_out(rows):
    """By user with a history: the held-out pins, those without a save in train too, which nobody can find."""
    found = {}
    for user, pin in rows:
        if user in users: found.setdefault(users[user], set()).add(pins.get(pin, pin))
    return found

def judge(lists, relevant):
    """Recall@20 and NDCG@20 of each user, as LightGCN's evaluation defines them."""
    gains = 1 / np.log2(np.arange(2, K + 2))
    recall, ndcg = [], []
    for found, wanted in zip(lists, relevant):
        hits = np.array([pin in wanted for pin in found[:K]] + [False] * (K - len(found[:K])))
        recall.append(hits.sum() / len(wanted))
        ndcg.append((hits * gains).sum() / gains[: min(K, len(wanted))].sum())
    return np.array(recall), np.array(ndcg)

def interval(values):
    """The mean and its 95 % interval, by 2,000 bootstrap resamples of the users."""
    random = np.random.default_rng(1)
    means = [values[random.integers(len(values), size=len(values))].mean() for _ in range(2000)]
    low, high = np.percentile(means, [2.5, 97.5])
    return f"{values.mean():.4f} [{low:.4f}, {high:.4f}]"

def measure(recommend, train, relevant):
    some = np.array(sorted(relevant))
    lists = recommend(some, train[some])
    return judge(lists, [relevant[user] for user in some])

def neighbors(kind, **params):
    def fit(train):
        model = kind(**params); model.fit(train, show_progress=False)
        return lambda some, rows: model.recommend(some, rows, N=K, filter_already_liked_items=True)[0]
    return fit

def als(**params):
    def fit(train):
        model = AlternatingLeastSquares(random_state=1, use_gpu=False, **params)
        model.fit(train, show_progress=False)
        return lambda some, rows: model.recommend(some, rows, N=K, filter_already_liked_items=True)[0]
    return fit

def ease(ridge):
    def fit(train):
        gram = (train.T @ train).toarray().T
        gram[np.diag_indices_from(gram)] += ridge
        factor, _ = spotrf(gram, lower=1, overwrite_a=1)
        inverse, _ = spotri(factor, lower=1, overwrite_c=1)
        inverse = np.tril(inverse) + np.tril(inverse, -1).T
        weights = -inverse / np.diag(inverse)
        np.fill_diagonal(weights, 0)
        def recommend(some, rows):
            lists = []
            for start in range(0, len(some), 2000):
                part = rows[start : start + 2000]
                scores = part @ weights
                scores[part.nonzero()] = -np.inf
                best = np.argpartition(-scores, K, axis=1)[:, :K]
                order = np.argsort(-np.take_along_axis(scores, best, 1), axis=1, kind="stable")
                lists.append(np.take_along_axis(best, order, 1))
            return np.concatenate(lists)
        return recommend
    return fit

grids = {
    "cosine": (neighbors, [dict(kind=CosineRecommender, K=k) for k in (50, 100, 200, 500, 1000)]),
    "BM25": (neighbors, [dict(kind=BM25Recommender, K=200, K1=k1, B=b) for k1 in (0.1, 0.3, 1, 3) for b in (0, 0.2, 0.5, 0.8, 1)]
                        + [dict(K=k) for k in (100, 500)]),
    "ALS": (als, [dict(factors=64, regularization=r, alpha=a, iterations=15) for r in (1, 30) for a in (1, 10)]
                 + [dict(factors=f, iterations=15) for f in (128, 256)]),
}
if args.ease:
    grids["EASE"] = (ease, [dict(ridge=ridge) for ridge in ((30, 100, 200, 500) if len(pins) < 8000 else (100,))])

if args.only: grids = {args.only: grids[args.only]}

held = set(qrels(args.validation))
fit_on, all_of = matrix([pair for pair in pairs if pair not in held]), matrix(pairs)
validation, test = held_out(qrels(args.validation)), held_out(qrels(args.test))
validation = {user: wanted for user, wanted in validation.items() if fit_on[user].nnz > 0}
drawn = np.random.default_rng(1).permutation(sorted(validation))[:4000]
validation = {user: validation[user] for user in drawn}
print(f"{shape[0]} users, {shape[1]} pins, {all_of.nnz} saves; {len(test)} users in the test part", flush=True)
for name, (make, grid) in grids.items():
    best = (-1, None)
    for params in grid:
        params = {**(best[1] or {}), **params}
        started = time.time()
        recall, ndcg = (each.mean() for each in measure(make(**params)(fit_on), fit_on, validation))
        shown = {key: getattr(value, "__name__", value) for key, value in params.items()}
        print(f"  {name} {json.dumps(shown)} {recall:.4f} {ndcg:.4f} {time.time() - started:.0f} s", flush=True)
        if ndcg > best[0]: best = (ndcg, params)
    started = time.time()
    recall, ndcg = measure(make(**best[1])(all_of), all_of, test)
    shown = {key: getattr(value, "__name__", value) for key, value in best[1].items()}
    print(f"{name} {json.dumps(shown)} {interval(recall)} / {interval(ndcg)}, {time.time() - started:.0f} s", flush=True)
