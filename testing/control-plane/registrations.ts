import type { TaskSpec } from "#flyteidl2/task/task_definition_pb.js";

/** What names one version of a task. The organisation is left out, as the recorded server ignores it. */
export interface RegistrationId {
  readonly project: string;
  readonly domain: string;
  readonly name: string;
  readonly version: string;
}

/** How the recorded server writes an id in its messages. */
export const idText = ({ project, domain, name, version }: RegistrationId): string =>
  `{${project} ${domain} ${name} ${version}}`;

/** One stored version of one task. */
export interface StoredRegistration extends RegistrationId {
  readonly createdAt: Date;
  readonly spec: TaskSpec;
}

/** Every stored version of every task. */
export interface Registrations {
  get(id: RegistrationId): StoredRegistration | undefined;
  /**
   * Stores a version. `createdAt` is now unless told otherwise, and later than that of anything stored before; a stored
   * version keeps its own and gets the new spec.
   */
  put(id: RegistrationId, spec: TaskSpec, createdAt?: Date): StoredRegistration;
  /** Stores new versions, made one a minute, and builds the spec of each when it is read. */
  seed(ids: readonly RegistrationId[], specOf: (id: RegistrationId) => TaskSpec, firstCreatedAt: Date): void;
  /** The versions of one task, oldest first. */
  versions(task: Omit<RegistrationId, "version">): readonly StoredRegistration[];
  /** The newest matching version of each task that has one. */
  newest(matches: (registration: StoredRegistration) => boolean): StoredRegistration[];
  /** How many versions of all tasks are stored. */
  count(): number;
  /** All versions of all tasks, oldest first. */
  all(): StoredRegistration[];
}

interface Task {
  readonly byVersion: Map<string, StoredRegistration>;
  /** Kept in order of creation, so that listing never sorts. */
  readonly oldestFirst: StoredRegistration[];
}

const taskKey = (task: Omit<RegistrationId, "version">): string => [task.project, task.domain, task.name].join("\n");

function insert(task: Task, registration: StoredRegistration): void {
  const following = task.oldestFirst.findLastIndex((other) => other.createdAt <= registration.createdAt) + 1;
  task.oldestFirst.splice(following, 0, registration);
  task.byVersion.set(registration.version, registration);
}

/** A new object takes the old one's place, so that a test may compare what was stored before with what is stored after. */
function replace(task: Task, stored: StoredRegistration, replacement: StoredRegistration): StoredRegistration {
  task.oldestFirst[task.oldestFirst.indexOf(stored)] = replacement;
  task.byVersion.set(replacement.version, replacement);
  return replacement;
}

/** A `StoredRegistration` whose spec is built when somebody reads it: ten thousand of them must cost next to nothing. */
function lazily(id: RegistrationId, createdAt: Date, specOf: (id: RegistrationId) => TaskSpec): StoredRegistration {
  let built: TaskSpec | undefined;
  return {
    ...id,
    createdAt,
    get spec() {
      built ??= specOf(id);
      return built;
    },
  };
}

/** An empty store. */
export function createRegistrations(now: () => Date): Registrations {
  const tasks = new Map<string, Task>();
  let newestTime = Number.NEGATIVE_INFINITY;

  const taskOf = (id: RegistrationId): Task => {
    const known = tasks.get(taskKey(id));
    if (known !== undefined) return known;
    const task: Task = { byVersion: new Map(), oldestFirst: [] };
    tasks.set(taskKey(id), task);
    return task;
  };
  const add = (id: RegistrationId, registration: StoredRegistration): StoredRegistration => {
    newestTime = Math.max(newestTime, registration.createdAt.getTime());
    insert(taskOf(id), registration);
    return registration;
  };

  return {
    get: (id) => tasks.get(taskKey(id))?.byVersion.get(id.version),
    put({ project, domain, name, version }, spec, createdAt) {
      const id = { project, domain, name, version };
      const stored = taskOf(id).byVersion.get(version);
      if (stored !== undefined) return replace(taskOf(id), stored, { ...id, createdAt: stored.createdAt, spec });
      // Two versions of one millisecond would have no order: the clock is pushed on, as a database's finer one would.
      return add(id, { ...id, spec, createdAt: createdAt ?? new Date(Math.max(now().getTime(), newestTime + 1)) });
    },
    seed(ids, specOf, firstCreatedAt) {
      ids.forEach((id, index) => {
        add(id, lazily(id, new Date(firstCreatedAt.getTime() + index * 60_000), specOf));
      });
    },
    versions: (task) => tasks.get(taskKey(task))?.oldestFirst ?? [],
    newest: (matches) => [...tasks.values()].flatMap((task) => task.oldestFirst.findLast(matches) ?? []),
    count: () => [...tasks.values()].reduce((sum, task) => sum + task.oldestFirst.length, 0),
    all: () =>
      [...tasks.values()]
        .flatMap((task) => task.oldestFirst)
        .sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime()),
  };
}
