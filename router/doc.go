// Package router decides where every order goes.
//
// The decision is a pure function: Network.Plan turns an order, its place, a
// network and an instant into options, best first, and a reason for everything
// that is not one. The server, check, explain and the invariant checks all
// call that one function.
//
// Everything else is plumbing around it, and batch.go tells it from top to
// bottom: decode, recall, locate, plan, reserve, commit, settle, answer. The journal
// is the truth and Redis its projection. The rules that keep both honest
// whatever dies when (J1 to J4, S1 to S4, R1 to R8, A1 to A4, E1 to E6) are those of the
// capacity protocol; comments name them where the code relies on one. What a
// crash leaves undone is done by the same code on redelivery:
//
//	a crash after           leaves                    repaired by
//	pull                    nothing                   redelivery
//	reserve                 an open hold              redelivery finds it: existing
//	commit                  Redis without the claims  redelivery or rebuild settles
//	settle                  an unacked message        redelivery settles again, acks
//
// Losing Redis costs a refold of the journal (rebuild.go); losing the journal
// loses the decisions.
package router
