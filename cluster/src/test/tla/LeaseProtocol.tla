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
  forgotten    \* nodes of which a ledger begun anew has not heard yet

vars == <<now, number, book, copy, unsaved, renewals, answers, lease, blackout, forgotten>>

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
  /\ renewals = {} /\ answers = {} /\ forgotten = {}
  /\ lease = [i \in Node |-> Nothing]

Tick ==
  /\ now < Horizon /\ now' = now + 1
  /\ UNCHANGED <<number, book, copy, unsaved, renewals, answers, lease, blackout, forgotten>>

Renew(i) ==
  /\ Cardinality(renewals) < InFlight
  /\ renewals' = renewals \cup {[node |-> i, sent |-> now, held |-> lease[i]]}
  /\ UNCHANGED <<now, number, book, copy, unsaved, answers, lease, blackout, forgotten>>

Grant(m) ==
  LET i == m.node
      held == IF m.held.ends > now THEN m.held.rate ELSE 0
      kept == IF KeepUntilAcknowledged
              THEN {b \in book[i] : b.number >= m.held.number} ELSE {}
      others == Total(Node \ {i}, [j \in Node |-> Reserved(j)])
      free == IF others > Cap THEN 0 ELSE Cap - others
      most == IF BlackoutAfterLoss /\ now < blackout THEN Least(held, free) ELSE free
  IN /\ number < Grants
     /\ number' = number + 1
     /\ \E rate \in 0..most : \E share \in 0..Least(Share, rate) :
          LET b == [number |-> number', rate |-> rate, share |-> share, ends |-> now + Booked]
              answer == [node |-> i, grant |-> b, sent |-> m.sent]
          IN /\ book' = [book EXCEPT ![i] = kept \cup {b}]
             /\ unsaved' = unsaved \cup {answer}
             /\ answers' = IF ReplyAfterBackup THEN answers ELSE answers \cup {answer}
     /\ renewals' = renewals \ {m}
     /\ forgotten' = forgotten \ {i}
     /\ UNCHANGED <<now, copy, lease, blackout>>

Backup(a) ==
  /\ copy' = [copy EXCEPT ![a.node] = book[a.node] \cup {a.grant}]
  /\ unsaved' = unsaved \ {a}
  /\ answers' = IF ReplyAfterBackup THEN answers \cup {a} ELSE answers
  /\ UNCHANGED <<now, number, book, renewals, lease, blackout, forgotten>>

Adopt(a) ==
  /\ a.grant.number > lease[a.node].number
  /\ \E late \in 0..Drift :
       lease' = [lease EXCEPT ![a.node] =
         [a.grant EXCEPT !.ends = (IF CountFromSend THEN a.sent ELSE now) + Length + late]]
  /\ answers' = answers \ {a}
  /\ UNCHANGED <<now, number, book, copy, unsaved, renewals, blackout, forgotten>>

Lose(m) ==
  /\ renewals' = renewals \ {m}
  /\ UNCHANGED <<now, number, book, copy, unsaved, answers, lease, blackout, forgotten>>

Crash(i) ==
  /\ lease' = [lease EXCEPT ![i] = Nothing]
  /\ UNCHANGED <<now, number, book, copy, unsaved, renewals, answers, blackout, forgotten>>

TakeOver ==
  /\ book' = copy /\ unsaved' = {}
  /\ UNCHANGED <<now, number, copy, renewals, answers, lease, blackout, forgotten>>

LoseAll ==
  /\ book' = Empty /\ copy' = Empty /\ unsaved' = {}
  /\ blackout' = now + Booked /\ forgotten' = Node
  /\ UNCHANGED <<now, number, renewals, answers, lease>>

Next ==
  \/ Tick \/ TakeOver \/ LoseAll
  \/ \E i \in Node : Renew(i) \/ Crash(i)
  \/ \E m \in renewals : Grant(m) \/ Lose(m)
  \/ \E a \in unsaved : Backup(a)
  \/ \E a \in answers : Adopt(a)

InUse(i) == IF lease[i].ends > now THEN lease[i].rate ELSE lease[i].share

(* What a lost ledger had promised to silent nodes nobody can know: that, and   *)
(* no more, may come on top.                                                    *)
Lost == Total(forgotten, [i \in Node |-> IF lease[i].ends > now THEN 0 ELSE lease[i].share])
NoSurge == Total(Node, [i \in Node |-> InUse(i)]) <= Cap + Lost

Symmetry == Permutations(Node)
=============================================================================
