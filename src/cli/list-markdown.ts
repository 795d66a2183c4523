/**
 * What `standin list` shows, as Markdown: for a page that people read, such as the README.
 *
 * @module
 */
import type { ApiListing, JobListing } from '../server/listing.ts'
import { curlOf } from './first-request.ts'

/** The APIs, their named jobs side by side, and a first request of each. */
export function renderMarkdown(
  apis: readonly ApiListing[],
  jobs: readonly JobListing[],
  url: string,
): string {
  const jobsOf = ({ id }: ApiListing): readonly JobListing[] => jobs.filter(({ api }) => api === id)
  const withJobs = apis.filter((api) => jobsOf(api).length > 0)
  const parts = [
    tableOf(['API', 'what it is', 'operations', 'mounted under'], apis.map(apiCells)),
    ...(withJobs.length === 0 ? [] : [namedJobs(withJobs, jobsOf), firstRequests(withJobs, jobsOf, url)]),
  ]
  return parts.join('\n\n')
}

function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escapeCell).join(' | ')} |`
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n')
}

/** A bar would end the cell; in code it is written the same. */
function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|')
}

function apiCells({ id, title, mount, operations }: ApiListing): readonly string[] {
  const ids = operations.map((operation) => `\`${operation.id}\``).join(' ')
  return [`\`${id}\``, title, ids, `\`${mount}\``]
}

/**
 * A row for each name that several APIs have, a column for each API: the job's rows, and its state where the
 * name does not tell. What one API has alone follows below.
 */
function namedJobs(apis: readonly ApiListing[], jobsOf: (api: ApiListing) => readonly JobListing[]): string {
  const names = [...new Set(apis.flatMap((api) => jobsOf(api).flatMap(({ name }) => name ?? [])))]
  const having = (name: string): number =>
    apis.filter((api) => jobsOf(api).some((job) => job.name === name)).length
  const shared = names.filter((name) => apis.length === 1 || having(name) > 1)
  const rows = shared.map((name) => [
    `\`${name}\``,
    ...apis.map((api) => jobCell(jobsOf(api).find((job) => job.name === name))),
  ])
  const own = apis.flatMap((api) => {
    const alone = jobsOf(api).flatMap(({ name }) => (name === null || shared.includes(name) ? [] : [name]))
    return alone.length === 0
      ? []
      : [`\`${api.id}\` alone has ${alone.map((name) => `\`${name}\``).join(' ')}.`]
  })
  return [tableOf(['rows of', ...apis.map(({ id }) => `\`${id}\``)], rows), ...own].join('\n\n')
}

function jobCell(job: JobListing | undefined): string {
  if (job === undefined) return ''
  const told = job.state === 'succeeded' || job.state === job.name?.replace('-', '_')
  return told ? count(job.rows) : `${count(job.rows)}, ${job.state.replace('_', ' ')}`
}

/** Digits in groups of three. */
function count(rows: number): string {
  return String(rows).replace(/\B(?=(\d{3})+$)/g, ',')
}

function firstRequests(
  apis: readonly ApiListing[],
  jobsOf: (api: ApiListing) => readonly JobListing[],
  url: string,
): string {
  const requests = apis.flatMap((api) => {
    const job = jobsOf(api).find(({ name }) => name === 'succeeded') ?? jobsOf(api)[0]
    return job === undefined ? [] : curlOf(job, url)
  })
  return ['```sh', ...requests, '```'].join('\n')
}
