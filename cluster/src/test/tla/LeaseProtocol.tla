--------------------------- MODULE LeaseProtocol ---------------------------
(* How nodes share one ceiling through leases that one ledger grants. Messages  *)
(* are lost and overtake each other, holders crash, the ledger's owner dies     *)
(* and its copy takes over, and the whole ledger is lost; in any order.         *)
(* A switch that is FALSE takes one rule away: each must make NoSurge fail.     *)
EXTENDS Naturals, FiniteSets, TLC

CONSTANTS
  Node,                   \* holders of leases
  Cap,                    \* the ceiling, in tokens per tick
  Share,                  \* most that a silent node may use, within its last rate
  Length,                 \* of a lease, in ticks
  Drift,                  \* most ticks by which a holder's clock stretches a lease
  Horizon,                \* ticks looked at
  Grants,                 \* grants looked at
  InFlight,               \* renewals under way at one time
  ReplyAfterBackup,       \* an answer leaves once the copy has the grant
  CountFromSend,          \* a lease begins when its renewal was sent
  BlackoutAfterLoss,      \* a ledger that lost its memory lets nobody grow for a while
  KeepUntilAcknowledged,  \* an older grant stays booked until a newer one is known to be in use
  CarryShares,            \* a ledger books the share of a grant it is told of and has not made
  ReserveShares           \* what a silent node may still use stays booked

VARIABLES
  now,
  number,      \* of the last grant
  book,        \* the owner's ledger: for each node the bookings that may be in use
  copy,        \* the same at the member that would take over
  unsaved,     \* grants that the copy does not have yet
  renewals,    \* messages to the ledger
  answers,     \* messages from it
  lease,       \* what each holder goes by
  blackout,    \* until then nobody's rate grows
  lost,        \* number of the last grant that a lost ledger made
  heard        \* the grant by which the next ledger knew what a node has of a lost one; 0 before

vars == <<now, number, book, copy, unsaved, renewals, answers, lease, blackout, lost, heard>>

Nothing == [number |-> 0, rate |-> 0, share |-> 0, ends |-> 0]
Booked == Length + 2 * Drift
Empty == [i \in Node |-> {}]

Least(a, b) == IF a < b THEN a ELSE b
Largest(S) == IF S = {} THEN 0 ELSE CHOOSE x \in S : \A y \in S : y <= x
RECURSIVE Total(_, _)
Total(S, of) == IF S = {} THEN 0
                ELSE LET x == CHOOSE x \in S : TRUE IN of[x] + Total(S \ {x}, of)

Live(bookings) == {b \in bookings : b.ends > now}
Shares(bookings) == IF ReserveShares THEN bookings ELSE Live(bookings)
Reserved(i) == Largest({b.rate : b \in Live(book[i])} \cup {b.share : b \in Shares(book[i])})

Init ==
  /\ now = 0 /\ number = 0 /\ blackout = 0
  /\ book = Empty /\ copy = Empty /\ unsaved = {}
  /\ renewals = {} /\ answers = {} /\ lost = 0
  /\ lease = [i \in Node |-> Nothing] /\ heard = [i \in Node |-> 0]

Tick ==
  /\ now < Horizon /\ now' = now + 1
  /\ UNCHANGED <<number, book, copy, unsaved, renewals, answers, lease, blackout, lost, heard>>

Renew(i) ==
  /\ Cardinality(renewals) < InFlight
  /\ renewals' = renewals \cup {[node |-> i, sent |-> now, held |-> lease[i]]}
  /\ UNCHANGED <<now, number, book, copy, unsaved, answers, lease, blackout, lost, heard>>

(* What a lost ledger gave that node, and the renewal does not tell of: it was  *)
(* sent before the node took it, or it is still under way.                      *)
Untold(m) ==
  LET from == {a \in answers : a.node = m.node /\ a.sent + Length + Drift > now}
      numbers == {a.grant.number : a \in from} \cup {lease[m.node].number}
  IN \E n \in numbers : n > m.held.number /\ n <= lost

Grant(m) ==
  LET i == m.node
      held == IF m.held.ends > now THEN m.held.rate ELSE 0
      kept == IF KeepUntilAcknowledged
              THEN {b \in book[i] : b.number >= m.held.number} ELSE {}
      unknown == m.held.number > 0 /\ \A b \in book[i] : b.number # m.held.number
      carried == IF CarryShares /\ unknown
                 THEN {[m.held EXCEPT !.rate = 0, !.ends = now + Booked]} ELSE {}
      others == Total(Node \ {i}, [j \in Node |-> Reserved(j)])
      free == IF others > Cap THEN 0 ELSE Cap - others
      most == IF BlackoutAfterLoss /\ now < blackout THEN Least(held, free) ELSE free
  IN /\ number < Grants
     /\ number' = number + 1
     /\ \E rate \in 0..most : \E share \in 0..Least(Share, rate) :
          LET b == [number |-> number', rate |-> rate, share |-> share, ends |-> now + Booked]
              answer == [node |-> i, grant |-> b, sent |-> m.sent]
          IN /\ book' = [book EXCEPT ![i] = kept \cup carried \cup {b}]
             /\ unsaved' = unsaved \cup {[answer |-> answer, tells |-> lost > 0 /\ ~Untold(m)]}
             /\ answers' = IF ReplyAfterBackup THEN answers ELSE answers \cup {answer}
     /\ renewals' = renewals \ {m}
     /\ UNCHANGED <<now, copy, lease, blackout, lost, heard>>

Backup(u) ==
  LET a == u.answer
  IN /\ copy' = [copy EXCEPT ![a.node] = book[a.node] \cup {a.grant}]
     /\ unsaved' = unsaved \ {u}
     /\ answers' = IF ReplyAfterBackup THEN answers \cup {a} ELSE answers
     /\ heard' = IF u.tells /\ heard[a.node] = 0
                 THEN [heard EXCEPT ![a.node] = a.grant.number] ELSE heard
     /\ UNCHANGED <<now, number, book, renewals, lease, blackout, lost>>

(* An answer that comes when its lease has ended is left.                       *)
Adopt(a) ==
  /\ a.grant.number > lease[a.node].number
  /\ \E late \in 0..Drift :
       LET ends == (IF CountFromSend THEN a.sent ELSE now) + Length + late
       IN /\ now < ends
          /\ lease' = [lease EXCEPT ![a.node] = [a.grant EXCEPT !.ends = ends]]
  /\ answers' = answers \ {a}
  /\ UNCHANGED <<now, number, book, copy, unsaved, renewals, blackout, lost, heard>>

Lose(m) ==
  /\ renewals' = renewals \ {m}
  /\ UNCHANGED <<now, number, book, copy, unsaved, answers, lease, blackout, lost, heard>>

Crash(i) ==
  /\ lease' = [lease EXCEPT ![i] = Nothing]
  /\ UNCHANGED <<now, number, book, copy, unsaved, renewals, answers, blackout, lost, heard>>

TakeOver ==
  /\ book' = copy /\ unsaved' = {}
  /\ UNCHANGED <<now, number, copy, renewals, answers, lease, blackout, lost, heard>>

LoseAll ==
  /\ book' = Empty /\ copy' = Empty /\ unsaved' = {}
  /\ blackout' = now + Booked /\ lost' = number /\ heard' = [i \in Node |-> 0]
  /\ UNCHANGED <<now, number, renewals, answers, lease>>

Next ==
  \/ Tick \/ TakeOver \/ LoseAll
  \/ \E i \in Node : Renew(i) \/ Crash(i)
  \/ \E m \in renewals : Grant(m) \/ Lose(m)
  \/ \E u \in unsaved : Backup(u)
  \/ \E a \in answers : Adopt(a)

InUse(i) == IF lease[i].ends > now THEN lease[i].rate ELSE lease[i].share

(* What a lost ledger had promised to nodes that have not told of it nobody can *)
(* know: that, and no more, may come on top, until what others were given       *)
(* before they told is given back.                                              *)
Unknown(i) ==
  /\ lease[i].number <= lost
  /\ \/ heard[i] = 0
     \/ \E j \in Node \ {i} :
          lease[j].number > lease[i].number /\ lease[j].number < heard[i]
Lost == Total({i \in Node : Unknown(i)},
              [i \in Node |-> IF lease[i].ends > now THEN 0 ELSE lease[i].share])
NoSurge == Total(Node, [i \in Node |-> InUse(i)]) <= Cap + Lost

Symmetry == Permutations(Node)
=============================================================================
