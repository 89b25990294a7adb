import fc from 'fast-check';

// Properties draw the same cases in every run; another PINWALK_SEED draws others.
fc.configureGlobal({ seed: Number(process.env['PINWALK_SEED'] ?? 1) });
