import type { JSX } from 'preact';
import type { SearchChoice } from '../address/index.ts';
import { IconButton } from '../controls/index.ts';
import { NodeSearch } from '../search/index.ts';

/** What to search, by a walk too, and for whom. */
export function SearchForm({
  search: { q, expand, user },
  onChange,
}: {
  search: SearchChoice;
  onChange: (change: Partial<SearchChoice>, how?: 'push' | 'replace') => void;
}): JSX.Element {
  return (
    <form
      class="search-form"
      onSubmit={(event: SubmitEvent) => {
        event.preventDefault();
      }}
    >
      <label class="field">
        <span>Words</span>
        <input
          type="search"
          name="q"
          value={q}
          maxLength={200}
          autocomplete="off"
          onInput={(event: Event) =>
            onChange({ q: (event.currentTarget as HTMLInputElement).value }, 'replace')
          }
        />
      </label>
      <label class="check">
        <input
          type="checkbox"
          checked={expand === true}
          onChange={(event: Event) =>
            onChange({ expand: (event.currentTarget as HTMLInputElement).checked || undefined })
          }
        />
        <span>Also pins that go with the best hits</span>
      </label>
      {user === undefined ? (
        <NodeSearch
          id="search-user"
          label="Rank for a user"
          placeholder="Rank for a user"
          kinds={['user']}
          onPick={({ key }) => onChange({ user: key })}
        />
      ) : (
        <p class="row">
          <span>
            Ranked for <strong>{user}</strong>
          </span>
          <IconButton
            icon="close"
            class="small"
            label="Rank for nobody in particular"
            onClick={() => onChange({ user: undefined })}
          />
        </p>
      )}
    </form>
  );
}
