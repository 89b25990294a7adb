import type { JSX } from 'preact';
import { useExplorer, useGet } from '../context/index.ts';
import { Dialog, textOf } from '../controls/index.ts';
import { type InterestResponse, type InterestsResponse, RestProblem } from '../rest/index.ts';

type Edit = InterestResponse['edit'];

/** Interests that one can be merged into, at most. */
const othersMax = 200;

/** Renames an interest, hides it or merges it into a sibling. Empty fields keep the values of the build. */
export function EditDialog({
  interest: { id, name, parent, edit },
  onClose,
}: {
  interest: InterestResponse;
  onClose: () => void;
}): JSX.Element {
  const save = useEdit();
  const beside = parent === null ? 'depth=1' : `parent=${parent}`;
  const { data } = useGet<InterestsResponse>(`/v1/interests?${beside}&limit=${othersMax}&pins=0`);
  const others = data?.interests.filter((each) => each.id !== id) ?? [];
  const submit = async (form: FormData, close: () => void): Promise<void> => {
    const [newName, mergedInto] = [textOf(form, 'name'), textOf(form, 'mergedInto')];
    const next = {
      ...(newName !== '' && { name: newName }),
      ...(form.has('hidden') && { hidden: true }),
      ...(mergedInto !== '' && { mergedInto }),
    };
    if (await save(id, name, next, edit)) close();
  };
  return (
    <Dialog
      title={`Edit ${name}`}
      submit={{ text: 'Save' }}
      onSubmit={(form, close) => void submit(form, close)}
      onClose={onClose}
    >
      <label class="field">
        <span>Name</span>
        <input
          name="name"
          maxLength={100}
          defaultValue={edit.name ?? ''}
          placeholder={name}
          autocomplete="off"
          autoFocus
        />
      </label>
      <label class="field">
        <span>Merge into</span>
        <select name="mergedInto">
          <option value="">no other interest</option>
          {others.map((other) => (
            <option key={other.id} value={other.id}>
              {other.name}
            </option>
          ))}
        </select>
      </label>
      <label class="check">
        <input type="checkbox" name="hidden" defaultChecked={edit.hidden === true} />
        <span>Hide it and all below it</span>
      </label>
      <p class="quiet small">
        Edits apply to this graph and to every later one that has this interest. A hidden interest is left out
        of lists and of what people like.
      </p>
    </Dialog>
  );
}

/** Interests that were merged into this one, each of which can stand apart again. */
export function Merged({ interest: { name, merged } }: { interest: InterestResponse }): JSX.Element | null {
  const save = useEdit();
  if (merged.length === 0) return null;
  return (
    <ul class="chips" aria-label="Merged into it">
      {merged.map((id) => (
        <li key={id} class="row">
          <code>{id}</code>
          <button
            type="button"
            class="button small"
            aria-label={`Separate ${id} from ${name}`}
            onClick={() => void save(id, id, {})}
          >
            Separate
          </button>
        </li>
      ))}
    </ul>
  );
}

type Save = (id: string, name: string, edit: Edit, before?: Edit) => Promise<boolean>;

/** Replaces the edits of an interest, reports it in a notice that can undo it, and reloads the data on the page. */
function useEdit(): Save {
  const { client, onWrite, notify } = useExplorer();
  const save: Save = async (id, name, edit, before) => {
    try {
      await client.put(`/v1/interests/${encodeURIComponent(id)}`, edit);
    } catch (error) {
      notify({ text: RestProblem.from(error).message });
      return false;
    }
    onWrite();
    notify({
      text: `${name} is edited.`,
      ...(before !== undefined && { undo: async () => void (await save(id, name, before)) }),
    });
    return true;
  };
  return save;
}
