"""LightGBM and scikit-learn on the rows that `npm run -s study -- engagement --rows FOLDER` wrote.

    python peers.py FOLDER/click 150 0.08 0.4 31     # trees, learning rate, share of features, leaves
"""

import sys
import time

import lightgbm as lgb
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import KBinsDiscretizer

folder, trees, rate, share, leaves = sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4]), int(sys.argv[5])
width = int(open(f"{folder}/width.txt").read())
rows = np.fromfile(f"{folder}/rows.f64").reshape(-1, width)
y = np.fromfile(f"{folder}/outcomes.u8", dtype=np.uint8)
train = np.fromfile(f"{folder}/parts.u8", dtype=np.uint8) == 1

parameters = dict(
    objective="binary", num_leaves=leaves, learning_rate=rate, feature_fraction=share, bagging_fraction=0.8, bagging_freq=1,
    min_data_in_leaf=100, lambda_l2=5, max_bin=63, seed=1, num_threads=1, verbose=-1,
)
start = time.process_time()
model = lgb.train(parameters, lgb.Dataset(rows[train], y[train]), trees)
print(f"LightGBM {lgb.__version__}: {time.process_time() - start:.1f} s of the processor")
model.save_model(f"{folder}/lightgbm.txt")
model.predict(rows, raw_score=True, num_threads=1).tofile(f"{folder}/lightgbm.f64")

start = time.process_time()
known = np.nan_to_num(rows, nan=-20.0)
bins = KBinsDiscretizer(32, strategy="quantile", quantile_method="averaged_inverted_cdf", subsample=50_000, random_state=1)
linear = make_pipeline(bins, LogisticRegression(C=0.05, max_iter=60, solver="lbfgs"))
linear.fit(known[train], y[train])
print(f"logistic regression: {time.process_time() - start:.1f} s of the processor")
linear.decision_function(known).astype(np.float64).tofile(f"{folder}/logistic.f64")
