"""Courses of study of the demonstration world: codes of the shipped list of majors, and which profession studied what.

Only majors that the proposed list counts without a condition are used as counting ones, so that a district's share does
not hang on an open question.
"""

from portal.demo.plan import Course
from registry.workforce.models import Catalogue, EducationLevel, Profession

BACHELOR, MASTER = EducationLevel.BACHELOR, EducationLevel.MASTER
JUNIOR, SECONDARY = EducationLevel.JUNIOR_COLLEGE, EducationLevel.SECONDARY
UNDERGRADUATE, POSTGRADUATE, VOCATIONAL = (
    Catalogue.UNDERGRADUATE,
    Catalogue.POSTGRADUATE,
    Catalogue.VOCATIONAL,
)

SOCIAL_WORK = Course(BACHELOR, UNDERGRADUATE, "030302", "社会工作", counts=True)
SOCIAL_WORK_MASTER = Course(MASTER, POSTGRADUATE, "0352", "社会工作", counts=True)
SOCIAL_WORK_JUNIOR = Course(JUNIOR, VOCATIONAL, "590101", "社会工作", counts=True)
PSYCHOLOGY = Course(BACHELOR, UNDERGRADUATE, "071101", "心理学", counts=True)
APPLIED_PSYCHOLOGY = Course(BACHELOR, UNDERGRADUATE, "071102", "应用心理学", counts=True)
APPLIED_PSYCHOLOGY_MASTER = Course(MASTER, POSTGRADUATE, "0454", "应用心理", counts=True)
PSYCHIATRY = Course(BACHELOR, UNDERGRADUATE, "100205TK", "精神医学", counts=True)
PSYCHIATRY_MASTER = Course(MASTER, POSTGRADUATE, "100205", "精神病与精神卫生学", counts=True)

NURSING = Course(JUNIOR, VOCATIONAL, "520201", "护理")
PREVENTIVE_MEDICINE = Course(BACHELOR, UNDERGRADUATE, "100401K", "预防医学")
SPECIAL_EDUCATION = Course(BACHELOR, UNDERGRADUATE, "040108", "特殊教育")
SOCIOLOGY = Course(BACHELOR, UNDERGRADUATE, "030301", "社会学")
CHINESE = Course(BACHELOR, UNDERGRADUATE, "050101", "汉语言文学")
ADMINISTRATION = Course(BACHELOR, UNDERGRADUATE, "120402", "行政管理")
ACCOUNTING = Course(JUNIOR, VOCATIONAL, "530302", "大数据与会计")
LAW = Course(BACHELOR, UNDERGRADUATE, "030101K", "法学")
DESIGN = Course(BACHELOR, UNDERGRADUATE, "130502", "视觉传达设计")
GENERAL_SECONDARY = Course(SECONDARY, VOCATIONAL, "720201", "护理（中职）")

COUNTING_COURSES: dict[Profession, tuple[Course, ...]] = {
    Profession.PSYCHIATRIST: (PSYCHIATRY, PSYCHIATRY, PSYCHIATRY_MASTER),
    Profession.PSYCHOTHERAPIST: (APPLIED_PSYCHOLOGY_MASTER, PSYCHOLOGY, APPLIED_PSYCHOLOGY),
    Profession.COUNSELLOR: (APPLIED_PSYCHOLOGY, PSYCHOLOGY, APPLIED_PSYCHOLOGY_MASTER),
    Profession.SOCIAL_WORKER: (SOCIAL_WORK, SOCIAL_WORK, SOCIAL_WORK_JUNIOR, SOCIAL_WORK_MASTER),
    Profession.HEAD: (SOCIAL_WORK, SOCIAL_WORK_MASTER, PSYCHOLOGY),
}
ANY_COUNTING = (SOCIAL_WORK, APPLIED_PSYCHOLOGY, SOCIAL_WORK_JUNIOR)
STUDIED_BESIDE_WORK = (SOCIAL_WORK, SOCIAL_WORK_JUNIOR, APPLIED_PSYCHOLOGY)

OTHER_COURSES: dict[Profession, tuple[Course | None, ...]] = {
    Profession.NURSE: (NURSING, NURSING, GENERAL_SECONDARY),
    Profession.PUBLIC_HEALTH_PHYSICIAN: (PREVENTIVE_MEDICINE,),
    Profession.REHABILITATION_THERAPIST: (SPECIAL_EDUCATION, NURSING),
    Profession.SOCIAL_WORKER: (ADMINISTRATION, CHINESE, LAW),
    Profession.ADMINISTRATION: (ACCOUNTING, ADMINISTRATION, DESIGN),
    Profession.HEAD: (ADMINISTRATION, LAW, CHINESE),
    Profession.CARE_WORKER: (None, GENERAL_SECONDARY, ACCOUNTING, CHINESE),
    Profession.PEER_SUPPORTER: (None, None, DESIGN),
}
"""None: nothing above lower secondary school, so no diploma is on record."""
