#pragma once

#include "base/cancellation.h"
#include "base/result.h"
#include "lloyd.h"
#include "ml/points.h"
#include "workers.h"

namespace medallion::ml {

// Carries a Lloyd fit on to an optimum of Hartigan's exchange: as long as moving one point to
// another cluster, with both means following it, lowers the inertia, it moves. Such an optimum is
// also one of Lloyd's, but not the reverse (Hartigan, "Clustering algorithms", 1975; Telgarsky and
// Vattani, "Hartigan's method", 2010), and among few points the difference is often some percent.
// Returns the better of both fits. Passes go through the points in order, so no number of threads
// shows; their number has a bound, as near ties could make it long.
Result<LloydFit> ImproveByExchange(PointsView points, LloydFit fit, Workers& workers,
                                   const CancellationToken* cancellation);

}  // namespace medallion::ml
