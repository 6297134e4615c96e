import { type DescFile, type DescMessage, type DescService, toBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';

/** What a name found by reflection is defined in. */
export interface DescriptorIndex {
  /** Fully qualified names of the services, sorted. */
  readonly services: readonly string[];
  /** The file of this path, such as `rekor/v2/entry.proto`. */
  file(path: string): DescFile | undefined;
  /** The file that defines a message, enum, field, service or method. */
  fileOfSymbol(name: string): DescFile | undefined;
  isMessage(name: string): boolean;
  /** A file and everything that it imports, serialized, leaving out those in `sent`, which grows. */
  withImports(file: DescFile, sent: Set<string>): Uint8Array[];
}

function pathOf(file: DescFile): string {
  return file.proto.name;
}

/** Indexes the files that define `services`, and all that they import. */
export function indexDescriptors(services: readonly DescService[]): DescriptorIndex {
  const files = new Map<string, DescFile>();
  const symbols = new Map<string, DescFile>();
  const messages = new Set<string>();

  function addMessage(message: DescMessage): void {
    messages.add(message.typeName);
    symbols.set(message.typeName, message.file);
    for (const field of message.fields) symbols.set(`${message.typeName}.${field.name}`, message.file);
    for (const nested of message.nestedEnums) symbols.set(nested.typeName, message.file);
    for (const nested of message.nestedMessages) addMessage(nested);
  }

  function addFile(file: DescFile): void {
    if (files.has(pathOf(file))) return;
    files.set(pathOf(file), file);
    for (const message of file.messages) addMessage(message);
    for (const { typeName } of file.enums) symbols.set(typeName, file);
    for (const service of file.services) {
      symbols.set(service.typeName, file);
      for (const method of service.methods) symbols.set(`${service.typeName}.${method.name}`, file);
    }
    for (const imported of file.dependencies) addFile(imported);
  }

  function withImports(file: DescFile, sent: Set<string>): Uint8Array[] {
    if (sent.has(pathOf(file))) return [];
    sent.add(pathOf(file));
    const own = toBinary(FileDescriptorProtoSchema, file.proto);
    return [own, ...file.dependencies.flatMap((imported) => withImports(imported, sent))];
  }

  for (const service of services) addFile(service.file);
  return {
    services: services.map(({ typeName }) => typeName).sort(),
    file: (path) => files.get(path),
    fileOfSymbol: (name) => symbols.get(name),
    isMessage: (name) => messages.has(name),
    withImports,
  };
}
