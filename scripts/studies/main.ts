import { Command } from 'commander';
import { calibrationCommand } from './held-out/calibration.ts';
import { coldStartCommand } from './cold-start/command.ts';
import { earlyStopCommand } from './early-stop.ts';
import { engagementCommand } from './engagement/command.ts';
import { interestsCommand } from './interests/command.ts';
import { notificationsCommand } from './notifications/command.ts';
import { openBanditCommand } from './open-bandit/command.ts';
import { peekingCommand } from './peeking/command.ts';
import { promotedPinsCommand } from './promoted-pins/command.ts';
import { pruningCommand } from './pruning.ts';
import { packagesCommand } from './specificity/packages.ts';
import { queryPinsCommand } from './held-out/query-pins.ts';
import { rareCommand } from './held-out/rare.ts';
import { searchClicksCommand } from './search-clicks/command.ts';
import { searchCommand } from './search/command.ts';
import { servedExperimentCommand } from './served-experiment/command.ts';
import { servedNotificationsCommand } from './served-notifications/command.ts';
import { soakPlotCommand } from './soak-plot.ts';
import { specificityCommand } from './specificity/command.ts';
import { sweepPlotCommand } from './sweep-plot.ts';
import { vectorsCommand } from './vectors.ts';

await new Command('study')
  .description('Reruns the studies of docs/: measurements that settled a question.')
  .addCommand(calibrationCommand())
  .addCommand(coldStartCommand())
  .addCommand(earlyStopCommand())
  .addCommand(engagementCommand())
  .addCommand(interestsCommand())
  .addCommand(notificationsCommand())
  .addCommand(openBanditCommand())
  .addCommand(peekingCommand())
  .addCommand(promotedPinsCommand())
  .addCommand(pruningCommand())
  .addCommand(packagesCommand())
  .addCommand(queryPinsCommand())
  .addCommand(rareCommand())
  .addCommand(searchCommand())
  .addCommand(searchClicksCommand())
  .addCommand(servedExperimentCommand())
  .addCommand(servedNotificationsCommand())
  .addCommand(soakPlotCommand())
  .addCommand(specificityCommand())
  .addCommand(sweepPlotCommand())
  .addCommand(vectorsCommand())
  .parseAsync();
