import { grow, measureAtSize, type SizeCase } from './at-size.ts';
import { measureThroughput, type ThroughputCase } from './throughput.ts';

/** What a process of its own is asked to do: memory and start-up are those of nothing else. */
export type EngineTask =
  | { readonly do: 'throughput'; readonly task: ThroughputCase }
  | { readonly do: 'grow'; readonly task: SizeCase }
  | { readonly do: 'at-size'; readonly task: SizeCase };

const task = JSON.parse(process.argv[2] ?? '') as EngineTask;
const say = (done: number): void => void process.stderr.write(`  ${done} entries\n`);
const result =
  task.do === 'throughput'
    ? await measureThroughput(task.task)
    : task.do === 'grow'
      ? await grow(task.task, say)
      : await measureAtSize(task.task);
process.stdout.write(`${JSON.stringify(result)}\n`);
