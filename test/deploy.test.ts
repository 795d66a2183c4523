/**
 * The files of `deploy/`, without an engine: held to the schemas that Compose and Kubernetes publish, and to
 * the program that they run. What a cluster makes of them is not tested.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { validate as lintDockerfile } from 'dockerfile-utils'
import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { readFlags } from '../src/cli/flags.ts'
import { serve } from '../src/cli/serve.ts'
import type { Container, Labels, Manifest } from './deploy-files.ts'
import {
  checkCompose,
  compose,
  FOLDER,
  issueOf,
  manifests,
  read,
  root,
  unknownMembers,
} from './deploy-files.ts'
import { startProgram } from './program.ts'

const manifest = JSON.parse(read('package.json')) as Record<string, string> & { files: string[] }
const dockerfile = read('deploy/Dockerfile')
const balancer = read('deploy/haproxy.cfg')
const PORT = 4010
const HEALTH = '/_standin/health'

const pods = manifests.flatMap(({ spec }) => (spec.template === undefined ? [] : [spec.template]))
const containers = pods.flatMap(({ spec }) => spec.containers)
const server = containers.find(({ name }) => name === 'standin') as Container

describe('the schemas', () => {
  it('find nothing in compose.yaml, and would', () => {
    expect([checkCompose(compose), checkCompose.errors]).toEqual([true, null])
    expect(checkCompose({ services: { a: { image: 'b', enviroment: {} } } })).toBe(false)
    expect(checkCompose({ services: { a: { image: 'b', deploy: { replicas: 'three' } } } })).toBe(false)
  })

  it('find nothing in the manifests of Kubernetes, and would', () => {
    expect(manifests.map(issueOf)).toEqual(manifests.map(() => null))
    const [first] = manifests.filter(({ kind }) => kind === 'Deployment') as [Manifest]
    expect(issueOf({ ...first, spec: { ...first.spec, replicas: '3' as never } })).toContain('replicas')
    expect(issueOf({ ...first, kind: 'Deploiment' })).toContain('no schema')
  })

  it('know every member of the manifests, and would miss one that they do not', () => {
    expect(unknownMembers(manifests)).toEqual([])
    const planted = structuredClone(manifests[0]) as { spec: Record<string, unknown> }
    planted.spec['replicass'] = 3
    expect(unknownMembers([planted]).join()).toMatch(/'"?replicass"?' does not exist/)
  })

  it('find nothing in the Dockerfile, and would', () => {
    expect(lintDockerfile(dockerfile)).toEqual([])
    expect(lintDockerfile('FROM node:20\nHEALTHCHEK CMD true\n')).toHaveLength(1)
  })
})

/** `ENV` of the Dockerfile's last stage. */
const built = Object.fromEntries(
  [...dockerfile.matchAll(/\b(STANDIN_\w+)=(\S+)/g)].map(([, name = '', value = '']) => [name, value]),
)

/** What a replica is started with in Kubernetes, where everything that is referred to is known. */
function startedWith(): { readonly args: readonly string[]; readonly env: Record<string, string> } {
  const known: Record<string, string> = { ...built }
  const fill = (text: string): string => text.replace(/\$\((\w+)\)/g, (_, name: string) => known[name] ?? '')
  for (const { name, value } of server.env ?? []) known[name] = value === undefined ? 'x' : fill(value)
  return { args: (server.args ?? []).map(fill), env: known }
}

describe('what is started', () => {
  const flags = Object.keys(serve.flags).map((name) => `STANDIN_${name.toUpperCase().replaceAll('-', '_')}`)

  it('is told by variables that the program reads', () => {
    const inCompose = Object.keys(compose.services['standin']?.environment ?? {})
    const inKubernetes = (server.env ?? []).map(({ name }) => name)
    const named = [...Object.keys(built), ...inCompose, ...inKubernetes]
    const ours = named.filter((name) => name.startsWith('STANDIN_'))
    expect(ours.length).toBeGreaterThan(5)
    for (const name of ours) expect(flags).toContain(name)
  })

  it('listens for others, with a token, on a shared store', () => {
    const { args, env } = startedWith()
    const [command, ...rest] = args
    const inKubernetes = readFlags(serve, command ?? '', rest, env, {})
    const inCompose = readFlags(
      serve,
      'serve',
      [],
      { ...built, ...compose.services['standin']?.environment },
      {},
    )
    for (const { names, flags: given } of [inKubernetes, inCompose]) {
      expect([names, given.text('host'), given.integer('port', PORT, PORT)]).toEqual([[], '0.0.0.0', PORT])
      expect(given.text('control-token')).toBeTruthy()
      expect(given.text('store')).toMatch(/^redis:\/\/(:x@)?(standin-)?redis:6379$/)
    }
    expect(inKubernetes.flags.texts('allow-host')).toContain('standin.x.svc.cluster.local')
    expect(compose.services).toHaveProperty(inCompose.flags.text('allow-host') ?? '')
  })

  it('has one port everywhere', () => {
    expect(serve.flags['port']?.default).toBe(String(PORT))
    expect(dockerfile).toMatch(new RegExp(`^EXPOSE ${PORT}$`, 'm'))
    expect(compose.services['standin']?.expose).toEqual([String(PORT)])
    expect(compose.services['balancer']?.ports).toEqual([`127.0.0.1:${PORT}:${PORT}`])
    expect(balancer).toMatch(new RegExp(`bind :${PORT}\\n`))
    expect(balancer).toMatch(new RegExp(`server-template standin \\d+ standin:${PORT} `))
    expect(server.ports).toEqual([{ name: 'http', containerPort: PORT }])
  })

  it('is pinned: every image to a whole version, ours to that of the package', () => {
    const bases = [...dockerfile.matchAll(/^FROM (\S+)(?: AS (\S+))?$/gm)]
    const stages = bases.map(([, , stage]) => stage)
    const foreign = bases.map(([, image = '']) => image).filter((image) => !stages.includes(image))
    const images = [...foreign, ...Object.values(compose.services), ...containers].map((each) =>
      typeof each === 'string' ? each : each.image,
    )
    for (const image of images) expect(image).toMatch(/^[a-z]+:\d+\.\d+\.\d+(-[a-z]+)?$/)
    const ours = images.filter((image) => image.startsWith('standin:'))
    expect(new Set(ours)).toEqual(new Set([`standin:${manifest['version']}`]))
  })

  it('is built from what .dockerignore lets in, and holds what the package holds', () => {
    const lines = read('.dockerignore').split('\n')
    const sources = /const SOURCES = \[([^\]]*)\]/.exec(read('build.mjs'))?.[1]?.match(/[\w./-]+/g) ?? []
    expect(sources.length).toBeGreaterThan(5)
    const wanted = [...sources, 'fixtures', 'package-lock.json', '.npmrc']
    for (const source of wanted) expect(lines).toContain(`!${source}`)
    for (const path of lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1))) {
      expect([path, existsSync(join(root, path))]).toEqual([path, true])
    }
    const copied = [...dockerfile.matchAll(/^COPY --from=build \/standin\/(\S+) \1$/gm)].map(
      ([, path]) => path,
    )
    for (const path of manifest.files.filter((each) => !each.endsWith('.md'))) expect(copied).toContain(path)
  })

  it('answers where it is looked for, under the names that probes use', async () => {
    const probes = ['startupProbe', 'readinessProbe', 'livenessProbe'].map(
      (name) => (server[name] as { readonly httpGet: { path: string; port: string } }).httpGet,
    )
    for (const probe of probes) expect(probe).toEqual({ path: HEALTH, port: 'http' })
    expect(balancer).toContain(`uri ${HEALTH} ver HTTP/1.1 hdr Host localhost`)
    const command =
      /HEALTHCHECK [^[]*CMD (\[[\s\S]*?\])\nENTRYPOINT|HEALTHCHECK [^[]*CMD (\[[^\n]*\\\n[^\n]*\])/
        .exec(dockerfile)
        ?.slice(1)
        .find((text) => text !== undefined)
    const [executable = '', ...args] = JSON.parse((command ?? '[]').replaceAll('\\\n', '')) as string[]
    const program = await startProgram(['serve', 'skop', '--port', '0', '--log', 'silent'], {
      env: { STANDIN_HOST: '0.0.0.0', STANDIN_CONTROL_TOKEN: 'x' },
    })
    const { port } = new URL(program.url)
    const isHealthy = (): boolean =>
      spawnSync(executable, args, { env: { ...process.env, STANDIN_PORT: port } }).status === 0
    expect(executable).toBe('node')
    expect(isHealthy()).toBe(true)
    for (const host of ['localhost', '10.42.0.7:4010']) {
      const asked = `http://127.0.0.1:${port}${HEALTH}`
      expect((await fetch(asked, { headers: { host } })).status).toBe(200)
    }
    expect(await program.stop()).toBe(0)
    expect(isHealthy()).toBe(false)
  })
})

describe('what is secret', () => {
  const SECRET = /TOKEN|PASSWORD|SECRET|AUTH|KEY/

  it('stands in no file: it is asked for, or referred to', () => {
    expect(manifests.map(({ kind }) => kind)).not.toContain('Secret')
    expect(Object.keys(built).filter((name) => SECRET.test(name))).toEqual([])
    expect(dockerfile).not.toMatch(/^ARG/m)
    const given = Object.values(compose.services).flatMap(({ environment = {} }) =>
      Object.entries(environment),
    )
    for (const [, value] of given.filter(([name]) => SECRET.test(name))) expect(value).toMatch(/^\$\{\w+:\?/)
    const variables = containers.flatMap(({ env = [] }) => env)
    for (const { value } of variables.filter(({ name }) => SECRET.test(name))) expect(value).toBeUndefined()
    const everything = [...variables.map(({ value = '' }) => value), ...given.map(([, value]) => value)]
    for (const value of everything) expect(value).not.toMatch(/:\/\/[^/]*:[^$/]+@/)
  })

  it('is made by a command of the README, with all that is referred to', () => {
    const command = /kubectl create secret generic (\S+)[^`]*/.exec(read('deploy/README.md'))
    const made = [...(command?.[0] ?? '').matchAll(/--from-literal=([\w-]+)=/g)]
    const keys = made.map(([, key]) => `${command?.[1]}/${key}`)
    const asked = containers
      .flatMap(({ env = [] }) => env)
      .flatMap(({ valueFrom }) => {
        const key = valueFrom?.secretKeyRef
        return key === undefined ? [] : [`${key.name}/${key.key}`]
      })
    expect([...new Set(asked)].sort()).toEqual(keys.sort())
  })
})

describe('the manifests', () => {
  it('hang together: what selects finds, and what is named is there', () => {
    const labels = pods.map(({ metadata }) => metadata.labels)
    const finds = (wanted: Labels): boolean =>
      labels.some((own) => Object.entries(wanted).every(([name, value]) => own[name] === value))
    for (const { spec } of manifests) {
      const wanted = spec.selector?.matchLabels ?? spec.podSelector?.matchLabels ?? spec.selector
      if (wanted !== undefined) expect([wanted, finds(wanted as Labels)]).toEqual([wanted, true])
      const names = containers.flatMap(({ ports }) => ports.map(({ name }) => name))
      for (const { targetPort } of spec.ports ?? []) expect(names).toContain(targetPort)
      const target = spec.scaleTargetRef
      if (target === undefined) continue
      expect(
        manifests.some(({ kind, metadata }) => kind === target.kind && metadata.name === target.name),
      ).toBe(true)
    }
    const { resources } = load(read(`${FOLDER}/kustomization.yaml`)) as { readonly resources: string[] }
    for (const name of resources) expect(existsSync(join(root, FOLDER, name))).toBe(true)
  })

  it('run three replicas, and nothing as root or without bounds', () => {
    expect(manifests.find(({ kind }) => kind === 'Deployment')?.spec.replicas).toBe(3)
    for (const { spec } of pods) expect(spec.securityContext).toMatchObject({ runAsNonRoot: true })
    for (const { resources, securityContext } of containers) {
      expect(resources).toMatchObject({
        requests: { memory: expect.any(String) },
        limits: { memory: expect.any(String) },
      })
      expect(securityContext).toMatchObject({
        ...{ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true },
        capabilities: { drop: ['ALL'] },
      })
    }
    expect(dockerfile).toMatch(/^USER node$/m)
  })
})
