/**
 * P01, P02, P05 and P06 over the pages of a walk: totals, duplicates, promises of more rows, page lengths.
 *
 * @module
 */
import { pointerTo, readPointer } from '../../model/pointer.ts'
import { count, show } from '../display.ts'
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

/** More rows are promised exactly while rows follow, by flag and by token, and the walk ends. */
function judgeMore(walk: Walk): Evidence {
  const lie = lieIn(walk)
  if (lie === null) return evidenceOn(walk, 'P05', [])
  const { page, at, message, before } = lie
  const pointer = at === '' ? wayPointer(walk) : answerPlace(page, at)
  const beside = before === undefined ? {} : { beside: before.view.exchange }
  const remark = { check: 'P05', message: `${walk.plan.name}: ${message}`, at, pointer, ...beside } as const
  return evidenceOn(walk, 'P05', [remarkOn(page.view, remark)])
}

/** A promise that a page breaks, and the page that made it. */
interface Lie {
  readonly page: Page
  readonly at: string
  readonly message: string
  readonly before?: Page
}

/** The first promise of more rows, or of no more, that is not true. */
function lieIn(walk: Walk): Lie | null {
  const { pages, plan, complete } = walk
  const at = plan.contract.more ?? ''
  for (const [number, page] of pages.entries()) {
    const following = pages[number + 1]
    const rows = following?.rows.length ?? 0
    const where = `on page ${number + 1}`
    const lie = following === undefined ? { page, at } : { page: following, at, before: page }
    if (page.more === true && following !== undefined && rows === 0) {
      return { ...lie, message: `${at} is true ${where}, yet no row follows` }
    }
    if (page.more === false && rows > 0) {
      return { ...lie, message: `${at} is false ${where}, yet ${count(rows, 'row')} follow` }
    }
    if (page.more === true && following === undefined && complete) {
      return { ...lie, message: `${at} is true ${where}, yet no row follows` }
    }
    const token = lieOfToken(walk, page, following, where)
    if (token !== null) return token
  }
  return endless(walk)
}

/** A token stands exactly on a page that rows follow. */
function lieOfToken({ plan }: Walk, page: Page, following: Page | undefined, where: string): Lie | null {
  const at = plan.contract.next
  if (at === null || plan.way === 'before') return null
  const inferred = page.view.judge.subject.inferred === true
  if (!inferred && page.next !== null && following !== undefined && following.rows.length === 0) {
    return { page: following, before: page, at, message: `${at} ${where} leads to a page without rows` }
  }
  if (page.next !== null && page.more === false) {
    return { page, at, message: `${at} is there ${where}, yet ${plan.contract.more} is false` }
  }
  if (page.next === null && (page.more === true || (following !== undefined && following.rows.length > 0))) {
    return { page, at, message: `${at} is missing ${where}, yet rows follow` }
  }
  return null
}

/** A walk takes no more pages than its rows fill, and one at the most to see that there are no more. */
function endless({ pages, plan, complete, stopped, circle }: Walk): Lie | null {
  const last = pages.at(-1)
  const total = pages[0]?.total ?? null
  if (last === undefined) return null
  if (circle === true) {
    return {
      page: last,
      at: plan.contract.next ?? '',
      message: 'the token leads to a page that was read already',
    }
  }
  const rows = pages.reduce((sum, page) => sum + page.rows.length, plan.from === undefined ? 0 : 1)
  const most = total === null || plan.limit === null ? null : Math.ceil(total / Math.max(1, plan.limit)) + 1
  const goesOn = !complete && stopped === null && total !== null && rows >= total + (plan.limit ?? 1)
  if (goesOn || (most !== null && pages.length > most)) {
    return {
      page: last,
      at: '',
      message: `the walk goes on past the ${count(total ?? 0, 'row')} that there are`,
    }
  }
  return null
}

/** No page is longer than its limit, a page that rows follow is not shorter, and the limit is repeated. */
function judgeLength(walk: Walk): Evidence {
  const { pages, plan } = walk
  const { limit, contract } = plan
  if (limit === null) return nothingFor(plan.operation.id, 'P06', 'no limit is documented')
  const findings = pages.flatMap((page, number) => {
    const { length } = page.rows
    const followed = (pages[number + 1]?.rows.length ?? 0) > 0
    const told = contract.echo === null ? undefined : readPointer(page.view.body ?? null, contract.echo)
    const pointer = parameterOf(page.view, contract.limit)?.pointer ?? plan.operation.pointer
    const where = `${plan.name}: page ${number + 1}`
    if (told !== undefined && told !== limit) {
      const at = contract.echo ?? ''
      const message = `${where} tells of the limit ${show(told)} in ${at} where ${limit} was asked for`
      return [remarkOn(page.view, { check: 'P06', message, at, pointer: answerPlace(page, at) })]
    }
    // A token leads on from a short page too; that none is short, only a contract says.
    const mayBeShort = !followed || (plan.way === 'token' && page.view.judge.subject.inferred === true)
    if (length === limit || (length < limit && mayBeShort)) return []
    const side = length > limit ? 'at most' : 'as rows follow, exactly'
    const wanted = `${side} ${count(limit, 'row')}`
    const message = `${where} must hold ${wanted}, holds ${length}`
    return [remarkOn(page.view, { check: 'P06', message, at: contract.at, pointer })]
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
