import type { JSX } from 'preact';
import { useExplorer } from '../context/index.ts';
import { RestProblem } from '../rest/index.ts';
import type { ListedCampaign } from './listed-campaign.ts';

/** Pauses a campaign, or lets it go on, with a notice that can undo it. None for a campaign that has ended. */
export function PauseButton({ campaign }: { campaign: ListedCampaign }): JSX.Element | null {
  const { client, onWrite, notify } = useExplorer();
  const put = async (paused: boolean): Promise<void> => {
    const { id, state: _state, spentTodayMicros: _today, spentMicros: _spent, createdAt: _at, ...settings } = campaign; // prettier-ignore
    try {
      await client.put(`/v1/campaigns/${encodeURIComponent(id)}`, { ...settings, paused });
    } catch (error) {
      notify({ text: RestProblem.from(error).message });
      return;
    }
    onWrite();
    notify({ text: `${id} ${paused ? 'is paused' : 'goes on'}.`, undo: async () => put(!paused) });
  };
  if (campaign.state === 'ended') return null;
  return (
    <button type="button" class="button small" onClick={() => void put(!campaign.paused)}>
      {campaign.paused ? 'Resume' : 'Pause'}
    </button>
  );
}
