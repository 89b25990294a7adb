# Trains the small model that test/engine/lightgbm holds, and records its predictions.
import json, numpy as np, lightgbm as lgb
rng=np.random.default_rng(7)
n=4000
x0=rng.normal(size=n); x1=rng.exponential(size=n); x1[rng.random(n)<.2]=np.nan
x2=rng.integers(0,40,size=n).astype(float); x3=np.where(rng.random(n)<.5,0,rng.normal(size=n)); x4=rng.integers(0,5,size=n).astype(float)
X=np.stack([x0,x1,x2,x3,x4],1)
z=x0+np.where(np.isnan(x1),.8,-.5*x1)+np.where(np.isin(x2,[3,7,21,35,39]),1.5,-.3)+x3*x0
y=(rng.random(n)<1/(1+np.exp(-z))).astype(int)
def dump(name,cats,**k):
    p=dict(objective='binary',num_leaves=8,min_data_in_leaf=20,learning_rate=.2,verbose=-1,seed=1,num_threads=1,deterministic=True,max_bin=63,**k)
    b=lgb.train(p,lgb.Dataset(X,y,categorical_feature=cats),12)
    b.save_model(name+'.txt')
    t=X[:60].copy(); t[0]=[0,np.nan,3,0,2]; t[1]=[1e-36,0,99,np.nan,-1]; t[2]=[np.nan,np.nan,np.nan,np.nan,np.nan]; t[3,2]=-4; t[4,2]=3.7; t[5,0]=np.inf; t[6,0]=-np.inf
    return [[None if np.isnan(v) else ('Infinity' if v==np.inf else '-Infinity' if v==-np.inf else v) for v in r] for r in t.tolist()], b.predict(t,raw_score=True).tolist(), b.predict(t).tolist()
out={}
for name,cats,k in [('missing-nan',[2],{}),('missing-zero',[2,4],dict(zero_as_missing=True)),('no-missing',[],dict(use_missing=False))]:
    rows,raw,p=dump(name,cats,**k); out[name]=dict(rows=rows,logOdds=raw,probabilities=p)
json.dump(out,open('predictions.json','w'))
