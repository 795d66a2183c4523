/**
 * P01, P02, P05 and P06 over the pages of a walk: totals, duplicates, promises of more rows, page lengths.
 *
 * @module
 */
import { pointerTo } from '../../model/pointer.ts'
import { count } from '../display.ts'
import type { Evidence } from '../evidence.ts'
import type { CheckName, Finding } from '../finding.ts'
import type { Page } from '../row/page.ts'
import { answerPlace, memberPlace, parameterOf } from '../row/page.ts'
import { remarkOn } from '../view.ts'
import type { Walk } from './walk.ts'
import { idsOf, wayPointer } from './walk.ts'

/** Everything that paging alone promises. */
export function judgePaging(walk: Walk): readonly Evidence[] {
  if (walk.pages.length === 0) return []
  return [judgeTotal(walk), judgeUnique(walk), judgeMore(walk), judgeLength(walk)]
}

/** Evidence of a check on a walk. */
export function evidenceOn(walk: Walk, check: CheckName, findings: readonly Finding[]): Evidence {
  const { operation } = walk.plan
  return { check, operationId: operation.id, exchanges: walk.pages.length, findings, reason: null }
}

/** Evidence that a check had nothing to bite on. */
export function nothingFor(operationId: string, check: CheckName, reason: string): Evidence {
  return { check, operationId, exchanges: 0, findings: [], reason }
}

function seenBefore(walk: Walk): number {
  return walk.plan.from === undefined ? 0 : 1
}

/** The total is one number on all pages, and the number of rows that a complete walk meets. */
function judgeTotal(walk: Walk): Evidence {
  const { pages, plan } = walk
  const at = plan.contract.total ?? ''
  const [first] = pages
  const last = pages.at(-1)
  if (first === undefined || last === undefined || first.total === null) {
    return nothingFor(plan.operation.id, 'P01', 'no total is documented')
  }
  const pointer = answerPlace(first, at)
  const report = (page: Page, message: string, beside?: Page): Finding =>
    remarkOn(page.view, {
      check: 'P01',
      message: `${plan.name}: ${message}`,
      at,
      pointer,
      ...(beside === undefined || beside === page ? {} : { beside: beside.view.exchange }),
    })
  const changed = pages.find(({ total }) => total !== first.total)
  if (changed !== undefined) {
    const number = pages.indexOf(changed) + 1
    const message = `${at} is ${changed.total} on page ${number}, ${first.total} on the first`
    return evidenceOn(walk, 'P01', [report(changed, message, first)])
  }
  const rows = pages.reduce((sum, page) => sum + page.rows.length, seenBefore(walk))
  const wrong = walk.complete ? rows !== first.total : rows > first.total
  if (!wrong) return evidenceOn(walk, 'P01', [])
  const message = `${at} is ${first.total}, but the walk met ${count(rows, 'row')}`
  return evidenceOn(walk, 'P01', [report(last, message, first)])
}

/** No id is met twice on one walk. */
function judgeUnique(walk: Walk): Evidence {
  const { pages, plan } = walk
  const { contract } = plan
  if (contract.id === null || pages.every(({ ids }) => ids.length === 0)) {
    return nothingFor(plan.operation.id, 'P02', 'the rows have no ids')
  }
  const met = new Map<string, Page>()
  const findings: Finding[] = []
  pages.forEach((page, number) => {
    page.ids.forEach((id, position) => {
      const before = met.get(id)
      met.set(id, page)
      if (before === undefined || findings.length > 0) return
      const at = pointerTo(contract.at, position, contract.id ?? '')
      const where =
        before === page ? 'higher on the same page' : `on page ${pages.indexOf(before) + 1} already`
      findings.push(
        remarkOn(page.view, {
          check: 'P02',
          message: `${plan.name}: ${at} on page ${number + 1} is ${id}, which stood ${where}`,
          at,
          pointer: memberPlace(page, [contract.id ?? '']) ?? wayPointer(walk),
          topic: 'duplicate',
          ...(before === page ? {} : { beside: before.view.exchange }),
        }),
      )
    })
  })
  return evidenceOn(walk, 'P02', findings)
}

/** More rows are promised exactly while rows follow, and the walk ends. */
function judgeMore(walk: Walk): Evidence {
  const { pages, plan, complete, stopped } = walk
  const at = plan.contract.more ?? ''
  const findings: Finding[] = []
  const report = (page: Page, message: string, next?: Page): void => {
    const pointer = at === '' ? wayPointer(walk) : answerPlace(page, at)
    const beside = next === undefined ? {} : { beside: page.view.exchange }
    const remark = { check: 'P05', message: `${plan.name}: ${message}`, at, pointer, ...beside } as const
    findings.push(remarkOn((next ?? page).view, remark))
  }
  pages.forEach((page, number) => {
    const next = pages[number + 1]
    if (page.more === null || findings.length > 0) return
    if (page.more && next !== undefined && next.rows.length === 0) {
      report(page, `${at} is true on page ${number + 1}, yet no row follows`, next)
    }
    if (!page.more && next !== undefined && next.rows.length > 0) {
      report(page, `${at} is false on page ${number + 1}, yet ${count(next.rows.length, 'row')} follow`, next)
    }
    if (page.more && next === undefined && complete) report(page, `${at} is true, yet no row follows`)
  })
  const last = pages.at(-1)
  const total = pages[0]?.total ?? null
  const rows = pages.reduce((sum, page) => sum + page.rows.length, seenBefore(walk))
  if (
    last !== undefined &&
    !complete &&
    stopped === null &&
    total !== null &&
    rows >= total + (plan.limit ?? 1)
  ) {
    report(last, `the walk goes on past the ${count(total, 'row')} that there are`)
  }
  return evidenceOn(walk, 'P05', findings)
}

/** No page is longer than its limit; a page that rows follow is not shorter. */
function judgeLength(walk: Walk): Evidence {
  const { pages, plan } = walk
  const { limit } = plan
  if (limit === null) return nothingFor(plan.operation.id, 'P06', 'no limit is documented')
  const findings = pages.flatMap((page, number) => {
    const { length } = page.rows
    const followed = (pages[number + 1]?.rows.length ?? 0) > 0
    if (length <= limit && (length === limit || !followed)) return []
    const side = length > limit ? 'at most' : 'as rows follow, exactly'
    const at = plan.contract.at
    const pointer = parameterOf(page.view, plan.contract.limit)?.pointer ?? plan.operation.pointer
    const wanted = `${side} ${count(limit, 'row')}`
    const message = `${plan.name}: page ${number + 1} must hold ${wanted}, holds ${length}`
    return [remarkOn(page.view, { check: 'P06', message, at, pointer })]
  })
  return evidenceOn(walk, 'P06', findings.slice(0, 1))
}

/** The last page of very many holds what the total leaves for it, and promises no more. */
export function judgeLastPage(walk: Walk, last: Page, wanted: number): readonly Evidence[] {
  const { contract, name } = walk.plan
  const { total, more, at } = contract
  const { length } = last.rows
  const held = `${name}: the last page must hold ${count(wanted, 'row')} by its total, holds ${length}`
  const short = { check: 'P01', message: held, at, pointer: answerPlace(last, total) } as const
  const promise = `${name}: ${more} is true on the last page`
  const lie = { check: 'P05', message: promise, at: more ?? '', pointer: answerPlace(last, more) } as const
  return [
    evidenceOn(walk, 'P01', last.rows.length === wanted ? [] : [remarkOn(last.view, short)]),
    evidenceOn(walk, 'P05', last.more === true ? [remarkOn(last.view, lie)] : []),
  ]
}

/**
 * Two walks over the same rows in the same order meet the same ids in the same order, as far as both went:
 * P04 where their pages have other sizes, else P02.
 */
export function judgeSameRows(walk: Walk, reference: Walk): Evidence {
  const check = walk.plan.limit === reference.plan.limit ? 'P02' : 'P04'
  const ids = idsOf(walk)
  const known = idsOf(reference)
  const { operation, contract, name } = walk.plan
  const whole = walk.complete && reference.complete
  if (walk.stopped !== null || reference.stopped !== null || contract.id === null) {
    return nothingFor(operation.id, check, walk.stopped ?? reference.stopped ?? 'the rows have no ids')
  }
  const length = (whole ? Math.max : Math.min)(ids.length, known.length)
  const position = Array.from({ length }, (_, at) => at).find((at) => ids[at] !== known[at])
  const page = walk.pages.find(({ ids: own }) => own.includes(ids[position ?? 0] ?? '')) ?? walk.pages.at(-1)
  if (position === undefined || page === undefined) return evidenceOn(walk, check, [])
  const message =
    `${name}: row ${position + 1} is ${ids[position] ?? 'missing'}; ` +
    `${reference.plan.name} has ${known[position] ?? 'no such row'} there`
  const limit = parameterOf(page.view, contract.limit)?.pointer
  const finding = remarkOn(page.view, {
    check,
    message,
    at: contract.at,
    pointer: check === 'P04' && limit !== undefined ? limit : wayPointer(walk),
    topic: `sequence by ${walk.plan.way}`,
    ...(reference.pages[0] === undefined ? {} : { beside: reference.pages[0].view.exchange }),
  })
  return evidenceOn(walk, check, [finding])
}
