"""Who works for an example council: sixty posts in a plausible line, for children's services, schools and adults."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

_SOCIAL_WORK, _HEALTH = "SWE", "HCPC"


class Post(Struct, frozen=True):
    """One post. `manager` and `supervisor` are the numbers of other posts, the first of which is 1."""

    job_role: str
    team: str
    manager: int | None = None
    supervisor: int | None = None
    app_roles: str = ""
    registration: str = ""
    setting: str = ""
    newly_qualified: bool = False
    #: How many cases it usually has, compared with the others.
    caseload: int = 0


def person_ref(number: int | None) -> str:
    """The ref of a post's holder, empty where there is no such post."""
    return f"p{number:03}" if number else ""


def _under(manager: int, post: Post) -> Post:
    """A post whose manager also supervises."""
    return replace(post, manager=manager, supervisor=manager)


def children(teams: tuple[str, ...]) -> list[Post]:
    """Children's services: a director, two heads of service, three service managers and six teams of six to eight."""
    return [*_leaders(teams), *_six_teams(teams, "family_support_worker"), *_beside_the_teams(teams)]


def adults(teams: tuple[str, ...]) -> list[Post]:
    """Adult social care: the same line; occupational therapists have a lead of their own profession (HAR-13)."""
    posts = [*_leaders(teams), *_six_teams(teams, "occupational_therapist"), *_beside_the_teams(teams)]
    eighth, lead = 8, len(posts)
    posts[eighth - 1] = replace(posts[eighth - 1], registration=_HEALTH)
    posts[lead - 1] = _under(
        eighth, Post("occupational_therapist", "Occupational therapy", registration=_HEALTH, caseload=8)
    )
    therapists = [n for n, post in enumerate(posts) if post.job_role == "occupational_therapist" and n != lead - 1]
    for number in therapists[::2]:
        posts[number] = replace(posts[number], supervisor=lead)
    return posts


def _leaders(teams: tuple[str, ...]) -> list[Post]:
    """Posts 1 to 16: everybody above the teams, the offices beside them, and the team managers."""
    top = "Directorate"
    head = Post("head_of_service", top, app_roles="head_of_service", registration=_SOCIAL_WORK)
    service_manager = Post("service_manager", top, registration=_SOCIAL_WORK)
    team_manager = Post("team_manager", "", registration=_SOCIAL_WORK)
    return [
        Post("assistant_director", top, registration=_SOCIAL_WORK),
        _under(1, head),
        _under(1, head),
        _under(1, Post("quality_officer", top, app_roles="auditor")),
        _under(1, Post("hr_adviser", "Human resources", app_roles="hr")),
        _under(1, Post("administrator", "Systems", app_roles="administrator")),
        *(_under(above, service_manager) for above in (2, 2, 3)),
        _under(3, Post("independent_reviewing_officer", top, registration=_SOCIAL_WORK)),
        *(_under(7 + n // 2, replace(team_manager, team=team)) for n, team in enumerate(teams)),
    ]


def _six_teams(teams: tuple[str, ...], beside: str) -> list[Post]:
    """Posts 17 to 52: in each team a practice supervisor, four social workers, and somebody of another job."""
    posts: list[Post] = []
    for number, team in enumerate(teams):
        manager, leader = 11 + number, 17 + 6 * number
        posts.append(_under(manager, Post("practice_supervisor", team, registration=_SOCIAL_WORK)))
        for worker in range(4):
            new = worker == 0 and number < 4  # noqa: PLR2004 - four of the six teams have one
            post = Post(
                "social_worker", team, manager, (leader, manager)[worker % 2], registration=_SOCIAL_WORK,
                newly_qualified=new, caseload=4 if new else 7,
            )  # fmt: skip
            posts.append(post)
        posts.append(Post(beside, team, manager, leader, registration=_profession(beside), caseload=4))
    return posts


def _profession(job_role: str) -> str:
    return _HEALTH if job_role == "occupational_therapist" else ""


def _beside_the_teams(teams: tuple[str, ...]) -> list[Post]:
    """Posts 53 to 60: two students, three people in business support, three senior social workers."""
    students = (Post("student", teams[n], 11 + n, 17 + 6 * n) for n in (1, 4))
    support = (
        _under(manager, Post("business_support", "Business support", app_roles="business_support"))
        for manager in (7, 8, 9)
    )
    senior = Post("senior_social_worker", "", registration=_SOCIAL_WORK, caseload=8)
    return [*students, *support, *(_under(11 + n, replace(senior, team=teams[n])) for n in (0, 1, 3))]


def schools(names: tuple[str, ...]) -> list[Post]:
    """A cluster of eight schools: each with a head, a deputy, a safeguarding lead, two mentors and a governor."""
    cluster = "cluster"
    leaders = [
        _under(2, Post("targeted_services_leader", "Cluster", setting=cluster)),
        Post("cluster_chair", "Cluster", setting=cluster),
        *(_under(1, Post("cluster_lead", "Cluster", setting=cluster)) for _ in range(2)),
        _under(1, Post("quality_officer", "Cluster", app_roles="auditor", setting=cluster)),
        _under(1, Post("hr_adviser", "Cluster", app_roles="hr", setting=cluster)),
        _under(1, Post("administrator", "Cluster", app_roles="administrator", setting=cluster)),
        _under(1, Post("business_support", "Cluster", app_roles="business_support", setting=cluster)),
        *(_under(3 + n % 2, Post("family_support_worker", "Cluster", setting=cluster, caseload=8)) for n in range(4)),
    ]
    return leaders + [post for number, name in enumerate(names) for post in _school(number, name)]


def _school(number: int, name: str) -> list[Post]:
    head = 13 + 6 * number
    deputy, lead, governor = head + 1, head + 2, head + 5
    mentor = Post("learning_mentor", name, deputy, lead, setting="school", caseload=7)
    return [
        Post("head_teacher", name, governor, 3 + number % 2, setting="school"),
        _under(head, Post("deputy_head", name, setting="school", caseload=1)),
        _under(head, Post("designated_safeguarding_lead", name, setting="school", caseload=6)),
        mentor,
        mentor,
        Post("governor", name, setting="school"),
    ]
