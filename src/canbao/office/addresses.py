"""The office's addresses, gathered from its folders; one line for each."""

from canbao.office.archives.addresses import urlpatterns as archives
from canbao.office.audit.addresses import urlpatterns as audit
from canbao.office.campaigns.addresses import urlpatterns as campaigns
from canbao.office.candidates.addresses import urlpatterns as candidates
from canbao.office.conflicts.addresses import urlpatterns as conflicts
from canbao.office.corrections.addresses import urlpatterns as corrections
from canbao.office.duplicates.addresses import urlpatterns as duplicates
from canbao.office.emergencies.addresses import urlpatterns as emergencies
from canbao.office.exchange.addresses import urlpatterns as exchange
from canbao.office.exchange_runs.addresses import urlpatterns as exchange_runs
from canbao.office.guide.addresses import urlpatterns as guide
from canbao.office.handovers.addresses import urlpatterns as handovers
from canbao.office.home.addresses import urlpatterns as home
from canbao.office.keys.addresses import urlpatterns as keys
from canbao.office.merges.addresses import urlpatterns as merges
from canbao.office.officers.addresses import urlpatterns as officers
from canbao.office.packages.addresses import urlpatterns as packages
from canbao.office.panels.addresses import urlpatterns as panels
from canbao.office.papers.addresses import urlpatterns as papers
from canbao.office.partners.addresses import urlpatterns as partners
from canbao.office.people.addresses import urlpatterns as people
from canbao.office.phones.addresses import urlpatterns as phones
from canbao.office.place_changes.addresses import urlpatterns as place_changes
from canbao.office.place_counts.addresses import urlpatterns as place_counts
from canbao.office.places.addresses import urlpatterns as places
from canbao.office.proofs.addresses import urlpatterns as proofs
from canbao.office.protections.addresses import urlpatterns as protections
from canbao.office.requests.addresses import urlpatterns as requests
from canbao.office.reviews.addresses import urlpatterns as reviews
from canbao.office.rule_book.addresses import urlpatterns as rule_book
from canbao.office.self_filling.addresses import urlpatterns as self_filling
from canbao.office.sign_in.addresses import urlpatterns as sign_in
from canbao.office.splits.addresses import urlpatterns as splits
from canbao.office.supervision.addresses import urlpatterns as supervision
from canbao.office.surveyors.addresses import urlpatterns as surveyors
from canbao.office.targets.addresses import urlpatterns as targets
from canbao.office.tasks.addresses import urlpatterns as tasks
from canbao.office.works.addresses import urlpatterns as works

urlpatterns = [
    *home,
    *sign_in,
    *self_filling,
    *proofs,
    *panels,
    *people,
    *emergencies,
    *protections,
    *candidates,
    *conflicts,
    *duplicates,
    *handovers,
    *requests,
    *merges,
    *splits,
    *corrections,
    *packages,
    *supervision,
    *campaigns,
    *tasks,
    *reviews,
    *surveyors,
    *phones,
    *targets,
    *works,
    *exchange,
    *papers,
    *officers,
    *keys,
    *exchange_runs,
    *partners,
    *audit,
    *archives,
    *places,
    *place_changes,
    *place_counts,
    *rule_book,
    *guide,
]
