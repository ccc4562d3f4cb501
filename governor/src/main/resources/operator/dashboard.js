'use strict';
// Shows one node's view of the recovery and sends commands. No figure is made up here: what the
// node does not say is shown as a dash, and a node that does not answer is shown as lost.

const POLL_MS = 1000;
const SHOWN_MS = 5 * 60 * 1000;
const MAX_EVENTS = 200;
const STALE_MS = 3500;

const PHASES = {
  OPEN: 'good', DEGRADED: 'work', PROBING: 'work', RAMPING: 'work', HOLD: 'still',
  FROZEN: 'still', ROLLBACK: 'bad', OUTAGE: 'bad', ISOLATED: 'bad',
};

// What each verb does, for the question before it is sent. The node has the last word on where it
// is legal; the list here only greys out what it is known to refuse.
const VERBS = [
  ['close', 'stops', 'Refuse everything at once, until somebody says begin', null],
  ['hold', 'stops', 'Let the ceiling rise no further, until resume',
    ['PROBING', 'RAMPING', 'HOLD', 'ROLLBACK', 'DEGRADED']],
  ['rollback', 'stops', 'Go back to the last green step', ['RAMPING', 'HOLD', 'DEGRADED']],
  ['abort', 'stops', 'Give up this ramp and refuse everything', null],
  ['begin', 'raises', 'Send the first requests', ['OUTAGE']],
  ['resume', 'raises', 'Let the ceiling rise again', ['HOLD', 'PROBING', 'ROLLBACK']],
  ['advance', 'raises', 'Take the next step now, as far as the evidence allows',
    ['RAMPING', 'HOLD']],
  ['finish', 'raises', 'Open, if all is green', ['RAMPING', 'HOLD', 'DEGRADED']],
  ['pin', '', 'Fix the ceiling at a rate',
    ['OPEN', 'DEGRADED', 'PROBING', 'RAMPING', 'HOLD', 'ROLLBACK', 'FROZEN']],
  ['unpin', '', 'Let the law have the ceiling again, on hold', ['FROZEN']],
];
const LOCAL = [
  ['stop node', 'stops', 'Refuse everything at this node alone', 'PUT', { rps: 0 }],
  ['cap node', 'stops', 'Let this node alone rise no further', 'PUT', {}],
  ['free node', '', 'Take the bound of this node alone off', 'DELETE', {}],
];
const STOPPING = ['close', 'hold', 'rollback', 'abort'];

const at = id => document.getElementById(id);
const state = { status: null, heard: 0, token: '', history: [], lastEvent: '', asked: null };

function make(name, text, className) {
  const element = document.createElement(name);
  if (text !== undefined) element.textContent = text;
  if (className) element.className = className;
  return element;
}

function figure(value, digits = 0) {
  if (typeof value !== 'number' || !Number.isFinite(value)) return '–';
  return value.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: digits });
}

function headers(more = {}) {
  return state.token ? { ...more, Authorization: 'Bearer ' + state.token } : more;
}

// ---- status -------------------------------------------------------------------------------------

async function poll() {
  try {
    const answer = await fetch('/v1/status', {
      headers: headers(), cache: 'no-store', signal: AbortSignal.timeout(3000),
    });
    at('login').hidden = answer.status !== 401;
    if (answer.status === 401) {
      alarm('This node asks for a token.');
    } else if (answer.ok) {
      state.status = await answer.json();
      state.heard = Date.now();
      show(state.status);
    }
  } catch (failure) {
    console.debug(failure);
  }
  fresh();
  setTimeout(poll, POLL_MS);
}

function alarm(text) {
  at('alarm').hidden = !text;
  at('alarm').textContent = text;
}

function fresh() {
  const silent = Date.now() - state.heard;
  document.body.classList.toggle('lost', silent > STALE_MS);
  if (!at('login').hidden) return;
  if (silent > STALE_MS) {
    const since = state.heard ? ' since ' + new Date(state.heard).toISOString().slice(11, 19) : '';
    alarm('No answer from this node' + since + ' UTC. What is shown below is old.');
  } else if (state.status.excluded) {
    alarm('The ledger refuses this node: ' + state.status.excluded);
  } else if (state.status.frozen) {
    alarm('This node alone is frozen at ' + figure(state.status.frozen.rps, 1) + '/s by '
      + state.status.frozen.actor + ': ' + state.status.frozen.reason);
  } else if (state.status.effective === 'isolated') {
    alarm('This node has no lease: it is cut off from the cluster and lives on its fail-safe share.');
  } else if ((state.status.refused_nodes || []).length) {
    const first = state.status.refused_nodes[0];
    alarm('The ledger refuses the node ' + first.name + ': ' + first.why);
  } else if (state.status.readiness !== 'ready') {
    alarm('This node is not ready: ' + state.status.readiness + '.');
  } else {
    alarm('');
  }
}

function show(status) {
  document.title = status.phase + ' · ' + status.node;
  at('who').textContent = 'node ' + status.node + ' · ' + status.effective + ' · mode ' + status.mode
    + ' · plan ' + status.plan + ' · epoch ' + status.epoch
    + (status.shadow ? ' · SHADOW: nothing is refused' : '');
  at('phase').className = PHASES[status.phase] || '';
  at('phase-word').textContent = status.phase;
  at('phase-why').textContent = status.why;
  backends(status.stores);
  const sum = name => status.classes.reduce((total, one) => total + (one[name] || 0), 0);
  const offered = sum('offered_rps');
  const admitted = sum('admitted_rps');
  at('figures').replaceChildren(...[
    [figure(status.ceiling_rps), 'ceiling, requests/s'],
    [figure(offered), 'offered/s'],
    [figure(admitted), 'admitted/s'],
    [figure(sum('shed_rps')), 'shed/s'],
    [figure(status.window), 'window, in flight'],
    [figure(status.reference_rps), 'reference, requests/s'],
    [status.surge ? figure(status.surge.worst_excess_tokens, 1) + ' / '
      + figure(status.surge.bound_tokens, 0) : '–', 'surge here: worst / bound'],
    [forecast(status.forecast), status.forecast && status.forecast.blocked_by
      ? 'held up' : 'until all is open'],
    [figure(status.amplification, 2), 'arrivals per first attempt, here'],
  ].map(([value, name]) => {
    const box = make('div', undefined, 'figure');
    box.append(make('b', value), make('span', name));
    return box;
  }));
  remember(status.ceiling_rps, offered, admitted);
  classes(status.classes);
  nodes(status.nodes);
  verbs(status.phase);
}

function forecast(told) {
  if (told && told.blocked_by) return 'by ' + told.blocked_by;
  if (!told || typeof told.full_in_s !== 'number') return '–';
  return told.full_in_s >= 120 ? figure(told.full_in_s / 60) + ' min' : figure(told.full_in_s) + ' s';
}

function opens(one) {
  return typeof one.opens_in_s === 'number' && one.opens_in_s > 0
    ? ', ' + figure(one.opens_in_s) + ' s' : '';
}

function row(cells) {
  const line = make('tr');
  for (const [value, className] of cells) {
    const cell = make('td', typeof value === 'string' ? value : undefined, className);
    if (typeof value !== 'string') cell.append(...value);
    line.append(cell);
  }
  return line;
}

function classes(all) {
  at('classes').querySelector('tbody').replaceChildren(...all.map(one => {
    const open = make('progress');
    open.max = 1;
    open.value = one.open_share;
    const ill = one.success_ratio < 0.99 && one.admitted_rps > 0.5;
    return row([
      [one.name], [[open, figure(100 * one.open_share) + ' %']],
      [one.blocked_by ? one.blocked_by + opens(one) : ''],
      [figure(one.offered_rps, 1), 'n'],
      [figure(one.amplification, 2), one.amplification > 2 ? 'n warn' : 'n'], [figure(one.admitted_rps, 1), 'n'],
      [figure(one.shed_rps, 1), 'n'],
      [one.admitted_rps > 0.05 ? figure(100 * one.success_ratio, 1) + ' %' : '–', ill ? 'n warn' : 'n'],
      [figure(one.p50_ms), 'n'], [figure(one.p99_ms), 'n'],
    ]);
  }));
}

function nodes(all) {
  at('nodes').querySelector('tbody').replaceChildren(...all.map(one => row([
    [one.name], [figure(one.lease_rps, 1), 'n'], [figure(one.slots), 'n'],
    [figure(one.in_flight), 'n'],
    [figure(one.lease_age_ms), one.lease_age_ms > 3000 ? 'n warn' : 'n'],
  ])));
}

// ---- backends -----------------------------------------------------------------------------------

/** One line of each backend, where there are several; the verbs here are for the first. */
function backends(stores) {
  const each = (stores && stores.each) || [];
  at('backends-heading').hidden = each.length < 2;
  at('backends').replaceChildren(...(each.length < 2 ? [] : each.map(store => make('li',
    store.name + ': ' + store.phase + ', ceiling ' + figure(store.ceiling_rps) + '/s, '
      + store.why + (store.alive === false ? ', no answer to probes' : ''),
    PHASES[store.phase] || ''))));
}

// ---- the chart ----------------------------------------------------------------------------------

function remember(ceiling, offered, admitted) {
  const now = Date.now();
  state.history.push({ now, ceiling, offered, admitted });
  while (state.history[0].now < now - SHOWN_MS) state.history.shift();
  chart(now);
}

function chart(now) {
  const [left, right, top, bottom] = [46, 890, 10, 212];
  const highest = Math.max(10, ...state.history.map(p => Math.max(p.offered, p.admitted, p.ceiling)));
  const unit = 10 ** Math.floor(Math.log10(highest));
  const most = Math.ceil(highest / unit * 2) / 2 * unit;
  const x = time => right - (now - time) / SHOWN_MS * (right - left);
  const y = value => bottom - value / most * (bottom - top);
  const parts = [];
  for (let i = 0; i <= 4; i++) {
    const value = most * i / 4;
    parts.push(svg('line', { x1: left, x2: right, y1: y(value), y2: y(value), class: 'grid' }));
    parts.push(label(left - 6, y(value) + 4, 'end', figure(value)));
  }
  for (let minute = 0; minute <= 5; minute++) {
    const place = x(now - minute * 60000);
    parts.push(label(place, bottom + 18, minute ? 'middle' : 'end', minute ? '-' + minute + ' min' : 'now'));
  }
  for (const name of ['offered', 'ceiling', 'admitted']) {
    const points = state.history.map(p => x(p.now).toFixed(1) + ',' + y(p[name]).toFixed(1));
    parts.push(svg('polyline', { points: points.join(' '), class: name }));
  }
  at('chart').replaceChildren(...parts);
}

function svg(name, attributes) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

function label(x, y, anchor, text) {
  const element = svg('text', { x, y, 'text-anchor': anchor });
  element.textContent = text;
  return element;
}

// ---- commands -----------------------------------------------------------------------------------

function verbs(phase) {
  for (const [verb, , , from] of VERBS) {
    at('verb-' + verb).disabled = from !== null && !from.includes(phase);
  }
}

// Asks once more before it sends; the epoch is the one that was on the screen.
function ask(name, meaning, request) {
  const reason = at('reason').value.trim();
  at('reason').classList.toggle('missing', !reason);
  if (!state.status) return said('Nothing is known of this node yet.', false);
  if (!reason) {
    at('reason').focus();
    return said('A reason is needed first.', false);
  }
  request.body = { reason, ...request.body };
  if (name === 'pin') {
    request.body.rps = Number(at('rps').value);
    if (!(request.body.rps > 0)) {
      at('rps').focus();
      return said('Pin at how many requests per second?', false);
    }
  }
  if (request.path.startsWith('/v1/ramp/')) {
    request.match = STOPPING.includes(name) ? '*' : '"' + state.status.epoch + '"';
  }
  state.asked = { name, ...request };
  at('confirm-text').textContent = name.toUpperCase() + ': ' + meaning
    + (name === 'pin' ? ' (' + request.body.rps + '/s)' : '') + '. Reason: ' + reason;
  at('confirm-yes').textContent = 'Yes, ' + name;
  at('confirm').hidden = false;
  at('confirm-yes').focus();
  return said('', true);
}

function said(text, well) {
  at('answer').textContent = text;
  at('answer').className = well ? 'yes' : 'no';
}

async function send() {
  const { name, method, path, body, match } = state.asked;
  at('confirm').hidden = true;
  try {
    const answer = await fetch(path, {
      method, signal: AbortSignal.timeout(5000), body: JSON.stringify(body),
      headers: headers({ 'Content-Type': 'application/json', ...(match ? { 'If-Match': match } : {}) }),
    });
    const told = await answer.json();
    if (answer.ok) {
      said(name + ': done' + (told.after && told.after.phase ? ', ' + told.before.phase + ' → '
        + told.after.phase + ', ceiling ' + figure(told.after.ceiling_rps) + '/s' : ''), true);
      at('reason').value = '';
    } else {
      said(answer.status + ' ' + told.title + ': ' + told.detail, false);
    }
  } catch (failure) {
    said('No answer: it may or may not have been carried out (' + failure.message + ')', false);
  }
}

function button(name, kind, meaning, request) {
  const made = make('button', name, kind);
  made.type = 'button';
  made.title = meaning;
  made.addEventListener('click', () => ask(name, meaning, request()));
  return made;
}

function controls() {
  for (const [verb, kind, meaning] of VERBS) {
    const path = '/v1/ramp/' + verb;
    const made = button(verb, kind, meaning, () => ({ method: 'POST', path, body: {} }));
    made.id = 'verb-' + verb;
    at('verbs').append(made);
    if (verb === 'pin') {
      const rate = make('input');
      rate.id = 'rps';
      rate.placeholder = 'pin at /s';
      rate.inputMode = 'decimal';
      rate.setAttribute('aria-label', 'requests per second to pin the ceiling at');
      at('verbs').append(rate);
    }
  }
  for (const [name, kind, meaning, method, body] of LOCAL) {
    const path = '/v1/local/freeze';
    at('local').append(button(name, kind, meaning, () => ({ method, path, body })));
  }
  at('confirm-yes').addEventListener('click', send);
  at('confirm-no').addEventListener('click', () => { at('confirm').hidden = true; });
  at('login').addEventListener('submit', event => {
    event.preventDefault();
    state.token = at('token').value;
  });
  for (const name of ['ceiling', 'offered', 'admitted']) {
    at('legend').append(make('span', (name === 'ceiling' ? '┅ ' : '━ ') + name, name));
  }
}

// ---- events -------------------------------------------------------------------------------------

async function listen() {
  try {
    const more = state.lastEvent ? { 'Last-Event-ID': state.lastEvent } : { 'Last-Event-ID': '0' };
    const answer = await fetch('/v1/events', { headers: headers(more), cache: 'no-store' });
    if (answer.ok) {
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      let text = '';
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        text += part.value;
        const blocks = text.split('\n\n');
        text = blocks.pop();
        blocks.forEach(event);
      }
    }
  } catch (failure) {
    console.debug(failure);
  }
  setTimeout(listen, 2000);
}

function event(block) {
  const field = name => (block.match(new RegExp('^' + name + ': (.*)$', 'm')) || [])[1];
  if (!field('data')) return;
  state.lastEvent = field('id') || state.lastEvent;
  const data = JSON.parse(field('data'));
  const line = make('li');
  const of = data.backend ? data.backend + ': ' : '';
  line.append(make('time', (data.at || '').slice(0, 19).replace('T', ' ')), of + words(field('event'), data));
  const list = at('events').querySelector('ol');
  list.prepend(line);
  while (list.children.length > MAX_EVENTS) list.lastChild.remove();
}

function words(kind, data) {
  if (kind === 'phase') return 'phase ' + data.from + ' → ' + data.to + ': ' + data.why;
  if (kind === 'mode') return 'this node: ' + data.from + ' → ' + data.to;
  if (kind === 'audit') {
    return data.actor + ': ' + data.verb + ', “' + data.reason + '”, ' + data.outcome
      + (data.after && data.before && data.after.phase
        ? ' (' + data.before.phase + ' → ' + data.after.phase + ')' : '')
      + (data.scope === 'node' && data.after ? ' (this node: ' + data.after.rps + '/s)' : '')
      + (data.detail ? ' (' + data.detail + ')' : '');
  }
  return kind === 'gap' ? 'earlier events are not kept any more' : kind + ': ' + data.what
    + (data.class ? ' of ' + data.class : '')
    + (data.remembers_since ? ', known since ' + data.remembers_since : '');
}

controls();
poll();
listen();
