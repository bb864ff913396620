from pathlib import Path
import time, resource
from register_desk import delivery_of, received, admitted
from canbao.registry.plausibility import examine, Found
from canbao.registry.actions.admission import rehearse, take_out
from canbao.registry.models import Package


def test_perf(register):
    out = Path("/tmp/gate/c200000/OUT")
    t = time.time()
    p = admitted(out)
    print("admit", time.time() - t)
    d = delivery_of(out)
    q = received(d)
    Package.objects.filter(pk=q.pk).update(state="checked")
    t = time.time()
    m = d.measures()
    print("measures", time.time() - t, m.people, m.covers)
    from canbao.registry.plausibility.meeting import meet

    t = time.time()
    x = meet(d, "440600")
    print("meet", time.time() - t, x)
    found = Found.model_validate(examine(q, d))
    for one in found.measures:
        print(one.kind, one.of, one.value, one.verdict)
    t = time.time()
    r = rehearse(package=q, delivery=d, by=q.received_by)
    print("rehearse", time.time() - t, r.counts)
    t = time.time()
    print(take_out(package=p, by=q.received_by), "withdraw", time.time() - t)
    print("rss MB", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
