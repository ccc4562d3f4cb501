----------------------------- MODULE SplitBrain -----------------------------
(* Two owners of one ledger. Three members keep it, the owner with one copy;   *)
(* one of them is cut off, both sides notice some time later, in any order,    *)
(* and meet again. Holders reach either side throughout. A switch that is      *)
(* FALSE takes one rule away: each must make NoSurge fail.                     *)
EXTENDS Naturals, FiniteSets, TLC

CONSTANTS
  Node, Cap, Length, Drift, Horizon, Grants,
  CutOff,            \* members that may be cut off
  MajorityInView,    \* a member that sees no majority writes nothing
  NewerOnly,         \* a copy is never overwritten by an older one
  FailOnLoss,        \* a call whose copy's member is lost fails; it is not taken as answered
  BlackoutAfterMeet  \* two ledgers that meet keep both books, and nobody grows for a while

VARIABLES
  now, number,
  cut,        \* the member that is cut off; 0 for none
  cuts,       \* how many there have been
  view,       \* whom each member sees
  owner,      \* whom each member takes for the owner
  place,      \* where it takes the copy to be; 0 for nowhere
  book,       \* each member's ledger
  blackout,   \* of each member's ledger
  calls,      \* grants that wait for the copy
  renewals, answers, lease

vars == <<now, number, cut, cuts, view, owner, place, book, blackout, calls, renewals, answers,
          lease>>

Member == {1, 2, 3}
Nothing == [number |-> 0, rate |-> 0, ends |-> 0]
Booked == Length + 2 * Drift
Empty == [i \in Node |-> {}]
Least(a, b) == IF a < b THEN a ELSE b
Largest(S) == IF S = {} THEN 0 ELSE CHOOSE x \in S : \A y \in S : y <= x
RECURSIVE Total(_, _)
Total(S, of) == IF S = {} THEN 0
                ELSE LET x == CHOOSE x \in S : TRUE IN of[x] + Total(S \ {x}, of)
Side(m) == IF cut = 0 THEN Member ELSE IF m = cut THEN {m} ELSE Member \ {cut}
Reserved(m, i) == Largest({b.rate : b \in {c \in book[m][i] : c.ends > now}})
Latest(m) == Largest({b.number : b \in UNION {book[m][i] : i \in Node}})

Init ==
  /\ now = 0 /\ number = 0 /\ cut = 0 /\ cuts = 0
  /\ view = [m \in Member |-> Member]
  /\ owner = [m \in Member |-> 1] /\ place = [m \in Member |-> 2]
  /\ book = [m \in Member |-> Empty] /\ blackout = [m \in Member |-> 0]
  /\ calls = {} /\ renewals = {} /\ answers = {}
  /\ lease = [i \in Node |-> Nothing]

Tick ==
  /\ now < Horizon /\ now' = now + 1
  /\ UNCHANGED <<number, cut, cuts, view, owner, place, book, blackout, calls, renewals, answers,
                 lease>>

Cut(m) ==
  /\ cut = 0 /\ cuts = 0 /\ cut' = m /\ cuts' = 1
  /\ UNCHANGED <<now, number, view, owner, place, book, blackout, calls, renewals, answers, lease>>

(* The failure detector of one side: a new table of places, and what it does   *)
(* with calls that waited for the other side.                                  *)
Notice(side) ==
  LET some == CHOOSE m \in side : TRUE
      o == IF owner[some] \in side THEN owner[some]
           ELSE IF place[some] \in side THEN place[some] ELSE some
      knows == owner[some] \in side \/ place[some] \in side
      p == IF side = {o} THEN 0 ELSE CHOOSE m \in side : m # o
      waiting == {c \in calls : c.at \in side /\ c.copyAt \notin side}
  IN /\ cut # 0 /\ view[some] # side
     /\ view' = [m \in Member |-> IF m \in side THEN side ELSE view[m]]
     /\ owner' = [m \in Member |-> IF m \in side THEN o ELSE owner[m]]
     /\ place' = [m \in Member |-> IF m \in side THEN p ELSE place[m]]
     /\ book' = [m \in Member |-> IF m \notin side THEN book[m]
                                  ELSE IF knows THEN book[o] ELSE Empty]
     /\ blackout' = [m \in Member |-> IF m \notin side THEN blackout[m]
                                      ELSE IF knows THEN blackout[o] ELSE now + Booked]
     /\ calls' = calls \ waiting
     /\ answers' = IF FailOnLoss THEN answers ELSE answers \cup waiting
     /\ UNCHANGED <<now, number, cut, cuts, renewals, lease>>

Meet ==
  LET large == Member \ {cut}
      o == owner[CHOOSE m \in large : TRUE]
      both == [i \in Node |-> book[o][i] \cup book[cut][i]]
      longer == [i \in Node |-> {[b EXCEPT !.ends = now + Booked] : b \in both[i]}]
      later == IF Latest(cut) > Latest(o) THEN book[cut] ELSE book[o]
      merged == IF BlackoutAfterMeet THEN longer ELSE later
  IN /\ cut # 0 /\ \A m \in Member : view[m] # Member
     /\ cut' = 0
     /\ view' = [m \in Member |-> Member]
     /\ owner' = [m \in Member |-> o]
     /\ place' = [m \in Member |-> place[o]]
     /\ book' = [m \in Member |-> merged]
     /\ blackout' = [m \in Member |-> IF BlackoutAfterMeet THEN now + Booked ELSE 0]
     /\ calls' = {}
     /\ UNCHANGED <<now, number, cuts, renewals, answers, lease>>

Renew(i) ==
  /\ renewals = {}
  /\ renewals' = {[node |-> i, sent |-> now, held |-> lease[i]]}
  /\ UNCHANGED <<now, number, cut, cuts, view, owner, place, book, blackout, calls, answers, lease>>

(* Either side may get it: the worst that a network can do.                    *)
Grant(r, o) ==
  LET i == r.node
      held == IF r.held.ends > now THEN r.held.rate ELSE 0
      others == Total(Node \ {i}, [j \in Node |-> Reserved(o, j)])
      free == IF others > Cap THEN 0 ELSE Cap - others
      most == IF now < blackout[o] THEN Least(held, free) ELSE free
  IN /\ owner[o] = o /\ number < Grants
     /\ MajorityInView => Cardinality(view[o]) >= 2
     /\ number' = number + 1
     /\ \E rate \in 0..most :
          LET g == [number |-> number', rate |-> rate, ends |-> now + Booked]
              kept == {b \in book[o][i] : b.number >= r.held.number}
              next == [book[o] EXCEPT ![i] = kept \cup {g}]
              call == [at |-> o, copyAt |-> place[o], node |-> i, grant |-> g, sent |-> r.sent,
                       book |-> next]
          IN /\ book' = [book EXCEPT ![o] = next]
             /\ IF place[o] = 0 THEN answers' = answers \cup {call} /\ calls' = calls
                ELSE calls' = calls \cup {call} /\ answers' = answers
     /\ renewals' = renewals \ {r}
     /\ UNCHANGED <<now, cut, cuts, view, owner, place, blackout, lease>>

(* Backups overtake each other; one that is older than what the copy has is    *)
(* not written.                                                                *)
Backup(c) ==
  /\ c.copyAt \in Side(c.at)
  /\ book' = IF NewerOnly /\ Latest(c.copyAt) > c.grant.number THEN book
             ELSE [book EXCEPT ![c.copyAt] = c.book]
  /\ owner[c.copyAt] # c.copyAt
  /\ calls' = calls \ {c} /\ answers' = answers \cup {c}
  /\ UNCHANGED <<now, number, cut, cuts, view, owner, place, blackout, renewals, lease>>

Adopt(a) ==
  /\ a.grant.number > lease[a.node].number
  /\ \E late \in 0..Drift :
       /\ now < a.sent + Length + late
       /\ lease' = [lease EXCEPT ![a.node] = [a.grant EXCEPT !.ends = a.sent + Length + late]]
  /\ answers' = answers \ {a}
  /\ UNCHANGED <<now, number, cut, cuts, view, owner, place, book, blackout, calls, renewals>>

Next ==
  \/ Tick \/ Meet
  \/ \E m \in CutOff : Cut(m)
  \/ cut # 0 /\ (Notice({cut}) \/ Notice(Member \ {cut}))
  \/ \E i \in Node : Renew(i)
  \/ \E r \in renewals : \E o \in Member : Grant(r, o)
  \/ \E c \in calls : Backup(c)
  \/ \E a \in answers : Adopt(a)

InUse(i) == IF lease[i].ends > now THEN lease[i].rate ELSE 0
NoSurge == Total(Node, [i \in Node |-> InUse(i)]) <= Cap
Symmetry == Permutations(Node)
=============================================================================
