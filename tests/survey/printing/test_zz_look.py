import shutil, pathlib
from printing_desk import fetched, ordered, printed
from canbao.survey.actions import archiving, contacts, reviews
from canbao.survey.actions.contacts import Reach, set_contact
from survey_desk import *
def test_look(campaign):
    out = pathlib.Path("/tmp/papers_look"); out.mkdir(exist_ok=True)
    set_contact(campaign=campaign, place=TOWN, reach=Reach("李主任","0757-22222222","石湾镇街道办事处一楼","周一至周五 9:00—17:00"), by=clerk())
    set_contact(campaign=campaign, place=TOWN+"001", reach=Reach("王一","0757-33333333","某社区居委会"), by=clerk())
    for t in tasks(campaign, place__startswith=TOWN)[:3]:
        t = entered(t); reviews.approve(task_id=t.pk, version=t.version, by=county_officer())
    v = archiving.open_volume(campaign_id=campaign.pk, place=TOWN+"001", by=clerk())
    archiving.mark_all(volume_id=v.pk, by=clerk()); archiving.put_in_box(volume_id=v.pk, box="SW-01", by=clerk())
    for kind, more in [("card",{}),("letter",{"which":"open"}),("notice",{"which":"open"}),("announcement",{}),("summary_sheet",{}),("registration_form",{"which":"assigned"}),("archive_catalogue",{}),("box_label",{}),("hand_over_sheet",{})]:
        shutil.copy(fetched(printed(ordered(campaign, kind, **more))), out/f"{kind}.pdf")
    shutil.copy(fetched(printed(ordered(campaign, "registration_form", which="blank", place=TOWN+"001"))), out/"blank.pdf")
