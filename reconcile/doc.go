// Package reconcile makes the outside true: it claims one changed incident at
// a time, runs the steps that compare what should be with what is on record,
// and tries again what did not work.
//
// A step is handed a Pass: the case as it was read at one instant, and the
// claim under which facts may be written. It makes the calls that differ,
// records each fact right after the call that made it true, and returns nil
// when everything of its concern is so. What it returns otherwise says when to
// come back:
//
//   - Later: it waits for something (a limit, an edit that would come too
//     soon). The pass does not count as a failure.
//   - ErrNewer: people decided something newer; a new pass begins at once.
//   - any other error: tried again after 1 s … 5 min, and shown to people who
//     ask what is stuck.
//
// Steps run side by side unless one names another in Needs or Waits, and one
// step's trouble is not another's.
package reconcile
