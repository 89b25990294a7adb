import type { JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Address } from '../address/index.ts';
import { ComposerView } from '../composer/index.ts';
import { OperatorsView } from '../operators/index.ts';
import { RestClient } from '../rest/index.ts';
import { StartView } from '../start/index.ts';
import { ThingView } from '../things/index.ts';
import { TitleBook } from '../titles/index.ts';
import { WalkView } from '../walk-view/index.ts';
import { type Explorer, ExplorerContext, type Notice } from '../context/index.ts';
import { Header } from './header.tsx';
import { KeyDialog } from './key-dialog.tsx';
import { Toast } from './toast.tsx';
import { useAddress } from './use-address.ts';

const keyName = 'pinwalk.key';
const imagesName = 'pinwalk.images';

/** The whole page. Keys stay in this tab; whether images of other hosts are shown, in this browser. */
export function App(): JSX.Element {
  const { address, go } = useAddress();
  const [version, setVersion] = useState(0);
  const [notice, setNotice] = useState<Notice>();
  const [askedForKey, setAskedForKey] = useState<string>();
  const [showsImages, setImages] = useState(() => localStorage.getItem(imagesName) === 'yes');
  const client = useMemo(() => {
    return new RestClient({
      fetch: (...args) => fetch(...args),
      key: () => sessionStorage.getItem(keyName) ?? undefined,
      onKeyProblem: ({ message }) => setAskedForKey(message),
    });
  }, []);
  const titles = useMemo(() => new TitleBook(client), [client]);
  const noteChange = (): void => setVersion((before) => before + 1);
  const explorer: Explorer = {
    client,
    titles,
    address,
    go,
    version,
    noteChange,
    tell: setNotice,
    showsImages,
    setShowsImages: (shows) => {
      localStorage.setItem(imagesName, shows ? 'yes' : 'no');
      setImages(shows);
    },
  };
  useFocusOnChange(address);
  return (
    <ExplorerContext.Provider value={explorer}>
      <a class="skip-link" href="#content">
        Skip to content
      </a>
      <Header onKey={() => setAskedForKey('')} />
      <main id="content" tabIndex={-1}>
        <View address={address} />
      </main>
      <Toast notice={notice} onClose={() => setNotice(undefined)} />
      {askedForKey !== undefined && (
        <KeyDialog
          reason={askedForKey}
          hasKey={sessionStorage.getItem(keyName) !== null}
          onClose={() => setAskedForKey(undefined)}
          onKey={(key) => {
            if (key === undefined) sessionStorage.removeItem(keyName);
            else sessionStorage.setItem(keyName, key);
            setAskedForKey(undefined);
            noteChange();
          }}
        />
      )}
    </ExplorerContext.Provider>
  );
}

function View({ address }: { address: Address }): JSX.Element {
  switch (address.view) {
    case 'start':
      return <StartView />;
    case 'thing':
      return <ThingView key={`${address.thing.kind} ${address.thing.key}`} {...address} />;
    case 'compose':
      return <ComposerView composition={address.composition} />;
    case 'walk':
      return <WalkView composition={address.composition} drawing={address.drawing} />;
    default:
      return <OperatorsView />;
  }
}

/** Another view begins at its top, and is where the keyboard and a screen reader go on. */
function useFocusOnChange(address: Address): void {
  const place = address.view === 'thing' ? `${address.thing.kind} ${address.thing.key}` : address.view;
  const isFirst = useRef(true);
  useEffect(() => {
    if (isFirst.current) {
      isFirst.current = false;
      return;
    }
    document.querySelector<HTMLElement>('#content')?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }, [place]);
}
