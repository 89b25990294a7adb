import { CampaignStore } from '../../../graph-data/campaigns/index.ts';
import { personFacts } from '../../ads/index.ts';
import { serveCalls } from './serve-calls.ts';

// As the threads that walk: answers wait for it.
serveCalls((folder, busyMs) => new CampaignStore(folder, busyMs, personFacts(folder)), 10);
