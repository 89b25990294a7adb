import type { JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { type Address, nodeId } from '../address/index.ts';
import { AdsView } from '../ads/index.ts';
import { ComposerView } from '../composer/index.ts';
import { type Explorer, ExplorerContext, type Notice } from '../context/index.ts';
import { ExperimentsView } from '../experiments/index.ts';
import { InterestView, InterestsView } from '../interests/index.ts';
import { NodeView } from '../nodes/index.ts';
import { NotificationsView } from '../notifications/index.ts';
import { OperatorsView } from '../operators/index.ts';
import { RestClient } from '../rest/index.ts';
import { SearchView } from '../search-view/index.ts';
import { StartView } from '../start/index.ts';
import { TitleCache } from '../titles/index.ts';
import { TrafficHistory } from '../traffic/index.ts';
import { WalkView } from '../walk-view/index.ts';
import { Header } from './header.tsx';
import { KeyDialog } from './key-dialog.tsx';
import { Toast } from './toast.tsx';
import { useAddress } from './use-address.ts';

const keyName = 'pinwalk.key';
const imagesName = 'pinwalk.images';

/** The whole page. The API key stays in this tab; whether to load images of other hosts stays in this browser. */
export function App(): JSX.Element {
  const { address, go } = useAddress();
  const [version, setVersion] = useState(0);
  const [notice, setNotice] = useState<Notice>();
  const [keyRefusal, setKeyRefusal] = useState<string>();
  const [showsImages, setImages] = useState(() => localStorage.getItem(imagesName) === 'yes');
  const client = useMemo(() => {
    return new RestClient({
      fetch: (...args) => fetch(...args),
      key: () => sessionStorage.getItem(keyName) ?? undefined,
      onKeyProblem: ({ message }) => setKeyRefusal(message),
    });
  }, []);
  const titles = useMemo(() => new TitleCache(client), [client]);
  const [traffic] = useState(() => new TrafficHistory());
  const onWrite = (): void => setVersion((before) => before + 1);
  const explorer: Explorer = {
    client,
    titles,
    traffic,
    address,
    go,
    version,
    onWrite,
    notify: setNotice,
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
      <Header onKey={() => setKeyRefusal('')} />
      <main id="content" tabIndex={-1}>
        <View address={address} />
      </main>
      <Toast notice={notice} onClose={() => setNotice(undefined)} />
      {keyRefusal !== undefined && (
        <KeyDialog
          refusal={keyRefusal}
          hasKey={client.hasKey}
          onClose={() => setKeyRefusal(undefined)}
          onKey={(key) => {
            if (key === undefined) sessionStorage.removeItem(keyName);
            else sessionStorage.setItem(keyName, key);
            setKeyRefusal(undefined);
            onWrite();
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
    case 'node':
      return <NodeView key={nodeId(address.node)} {...address} />;
    case 'compose':
      return <ComposerView composition={address.composition} />;
    case 'walk':
      return <WalkView composition={address.composition} drawing={address.drawing} />;
    case 'search':
      return <SearchView search={address.search} />;
    case 'interests':
      return address.id === undefined ? (
        <InterestsView />
      ) : (
        <InterestView key={address.id} id={address.id} user={address.user} />
      );
    case 'ads':
      return <AdsView id={address.id} />;
    case 'experiments':
      return <ExperimentsView id={address.id} />;
    case 'notifications':
      return <NotificationsView user={address.user} />;
    default:
      return <OperatorsView />;
  }
}

/** Another view starts at its top and takes the focus, so keyboards and screen readers continue there. */
function useFocusOnChange(address: Address): void {
  const place = placeOf(address);
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

function placeOf(address: Address): string {
  if (address.view === 'node') return nodeId(address.node);
  return address.view === 'interests' ? `${address.view} ${address.id ?? ''}` : address.view;
}
