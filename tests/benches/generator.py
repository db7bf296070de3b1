"""Invented plans that are like the sample, as many as a bench needs: the same seed gives the same bytes.

The shape is read from `plans/rmbc-2024`: as many actions, with as many units responsible, and names, indicators and
narratives about as long. The words are drawn from lists, recombined with places, figures and dates, and no text is
drawn twice: two plans share no cell but those that two real ones do (`Trimestral`, `Unidad`, a date, a percentage,
`Dirección General`). The trimestres of one plan share the plan's columns; each has narratives of its own, a little
longer from one to the next.

    from generator import Office
    Office(seed=1).write_batch(Path("plans"), plans=250)      # 250 plans of four trimestres: 1,000 reports
    Office(seed=1).write_large(Path("plans"), actions=10_000) # one plan of one trimestre
"""

import calendar
import json
import random
import tomllib
from pathlib import Path

SAMPLE = Path(__file__).resolve().parents[2] / "plans/rmbc-2024"
YEAR = 2024
ORDINALS = ("primer", "segundo", "tercer", "cuarto")
GROWTH = (0.84, 0.88, 0.91, 0.93)  # of the narratives, from trimestre to trimestre: reports of two pages, as the sample


def names(text):
    """A list of names: what stands between the commas."""
    return [" ".join(name.split()) for name in text.split(",")]


MONTHS = names("enero, febrero, marzo, abril, mayo, junio, julio, agosto, septiembre, octubre, noviembre, diciembre")
TOWNS = names("""Aguachica, Anapoima, Apartadó, Arbeláez, Armero, Barbosa, Barichara, Buga, Cajicá, Caldas, Campoalegre, Cáqueza,
Carmen de Viboral, Caucasia, Cereté, Chaparral, Chinchiná, Chipaque, Chiquinquirá, Choachí, Cogua, Corozal, Cota, Duitama,
El Banco, El Cerrito, El Colegio, Envigado, Facatativá, Florida, Fómeque, Fresno, Funza, Fúquene, Gachancipá, Gachetá,
Garagoa, Garzón, Girardota, Granada, Guaduas, Guamal, Guarne, Guasca, Guatavita, Honda, Ibagué, Ipiales, Itagüí, Jamundí,
Jericó, La Ceja, La Dorada, La Mesa, La Plata, La Unión, Lebrija, Lenguazaque, Líbano, Lorica, Madrid, Magangué, Málaga,
Manzanares, Marinilla, Mariquita, Melgar, Moniquirá, Montelíbano, Mosquera, Nemocón, Nocaima, Ocaña, Pacho, Paipa,
Palermo, Pamplona, Piedecuesta, Pitalito, Planeta Rica, Pradera, Puente Nacional, Quetame, Quimbaya, Ramiriquí, Rionegro,
Riosucio, Sabanalarga, Sahagún, Salamina, Samacá, San Gil, San Jacinto, Santa Rosa de Cabal, Sasaima, Sesquilé, Sibaté,
Sincelejo, Soatá, Socorro, Sogamoso, Sopó, Suesca, Tabio, Tame, Tenjo, Tocaima, Tocancipá, Tuluá, Ubaté, Urrao, Útica,
Vélez, Villapinzón, Villeta, Viterbo, Yarumal, Yopal, Yumbo, Zarzal, Zipacón, Zipaquirá""")
ENTITIES = names("""Alcaldía Municipal de, Instituto de Cultura y Turismo de, Empresa de Servicios Públicos de, Personería de,
Instituto de Deporte y Recreación de, Corporación para el Desarrollo de, Área Metropolitana de,
Hospital Regional de""")
UNITS = names("Subdirección de, Oficina Asesora de, Secretaría de, Dirección Técnica de, Unidad de")
FIELDS = names("""Ordenamiento Territorial, Gestión del Riesgo, Movilidad, Abastecimiento Alimentario, Desarrollo Rural, Hacienda,
Talento Humano, Contratación, Gestión Documental, Tecnologías de la Información, Participación Ciudadana, Comunicaciones,
Cultura, Turismo, Competitividad, Seguridad y Convivencia, Inclusión Social, Salud Pública, Educación, Juventud, Vivienda,
Hábitat, Servicios Públicos, Infraestructura, Ambiente, Cambio Climático, Cooperación Internacional, Control Interno,
Asuntos Jurídicos, Atención al Ciudadano, Planeación Regional, Estadística, Catastro, Innovación, Primera Infancia,
Recreación y Deporte, Víctimas y Paz, Bienestar Animal, Espacio Público, Recurso Hídrico""")
THINGS = names("""el plan de trabajo, la hoja de ruta, la matriz de seguimiento, el documento técnico de soporte, la ficha técnica,
el diagnóstico, la batería de indicadores, el protocolo de articulación, el manual operativo, la línea de base, el tablero de
control, la política institucional, el proyecto de inversión, la estrategia de divulgación, el estudio de alternativas, la
metodología de evaluación, el programa de formación, el inventario de activos, el mapa de actores, la agenda regional, el
esquema de gobernanza, la propuesta de reglamento, el cronograma de ejecución, la ruta de atención, el sistema de información,
el proyecto de acuerdo, la guía de buenas prácticas, el catálogo de trámites, el modelo de operación, la red de monitoreo""")
TOPICS = names("""la gestión del riesgo de desastres, el ordenamiento del territorio, la movilidad activa, el abastecimiento de
alimentos, la agricultura familiar, el recaudo de los tributos, el bienestar de los servidores públicos, la contratación
pública, el archivo central, la seguridad de la información, la participación ciudadana, la rendición de cuentas, el
patrimonio cultural, el turismo de naturaleza, la competitividad de la provincia, la convivencia ciudadana, la atención de la
población con discapacidad, la vacunación de la población rural, la permanencia escolar, el empleo de los jóvenes, el
mejoramiento de vivienda, el alumbrado público, la red vial terciaria, el transporte intermunicipal, la calidad del aire,
la adaptación al cambio climático, la cooperación descentralizada, el control interno, la defensa judicial, el servicio al
ciudadano, la prospectiva regional, la estadística territorial, el catastro multipropósito, la innovación pública, la primera
infancia, el deporte comunitario, la reparación de las víctimas, la protección de los animales, el espacio público, el agua
potable y el saneamiento básico, el manejo de los residuos sólidos, los acueductos veredales, la protección de los páramos,
los mercados campesinos, la conectividad digital, las bibliotecas públicas""")
ACTORS = names("""la Secretaría de Planeación de, la Alcaldía de, el Concejo Municipal de, la Cámara de Comercio de, la Personería de,
la Secretaría de Hacienda de, las juntas de acción comunal de, la Secretaría de Salud de, el Consejo Territorial de Planeación
de, la Secretaría de Movilidad de, las empresas de servicios públicos de, el Consejo Municipal de Juventud de, la Secretaría
de Educación de, la asociación de productores de, el comité de cafeteros de, la sede universitaria de""")
TO_DO = names("""Poner en marcha, Formular, Actualizar, Implementar, Diseñar, Consolidar, Fortalecer, Estructurar, Adoptar, Desarrollar,
Construir, Definir""")
DONE = names("""presentó, socializó, concertó, revisó, validó, ajustó, aprobó, consolidó, actualizó, publicó, armonizó,
formuló""")
MEETINGS = names("""mesas de trabajo, jornadas de capacitación, visitas técnicas, reuniones de articulación, sesiones de seguimiento,
asistencias técnicas, jornadas pedagógicas, audiencias de concertación""")
PEOPLE = names("""servidores públicos, líderes comunitarios, representantes de los gremios, estudiantes, habitantes de la zona rural,
contratistas, concejales y ediles, delegados de las veedurías""")
NOUNS = names("""la actualización, la revisión, la divulgación, la formulación, el seguimiento, el ajuste, la aprobación, la
evaluación""")
PRINCIPLES = names("""gradualidad, progresividad, transparencia, economía, coordinación, concurrencia, subsidiariedad, eficiencia,
autonomía territorial, publicidad, sostenibilidad, equidad""")
LINKS = names("""Así mismo, De igual manera, Adicionalmente, Por otra parte, En este sentido, Igualmente, Como resultado, En cuanto
al componente técnico, De acuerdo con lo programado, Para lograr lo anterior""")
MEASURES = (("Unidad", 12), ("Documento", 4), ("Número", 60), ("Porcentaje", None))


class Office:
    """Draws texts, each only once."""

    def __init__(self, seed):
        self.chance = random.Random(seed)
        self.drawn = set()
        plan = tomllib.loads((SAMPLE / "plan.toml").read_text())
        follow_up = tomllib.loads((SAMPLE / "trimestre-2.toml").read_text())
        self.units = len(plan["entidad"]["dependencias"])
        self.shape = [
            (len(action["nombre"]), len(action["responsables"]), len(action["indicador"]), len(progress["cualitativo"]))
            for action, progress in zip(plan["accion"], follow_up["avance"], strict=True)
        ]
        self.entities = [f"{kind} {town}" for kind in ENTITIES for town in TOWNS]
        self.chance.shuffle(self.entities)

    # ---- Files ----

    def write_batch(self, folder, plans):
        """Plans of four trimestres, `entidad-0001`…"""
        for number in range(1, plans + 1):
            self.write_plan(folder / f"entidad-{number:04}", len(self.shape), (1, 2, 3, 4))

    def write_large(self, folder, actions):
        """One plan of many actions and one trimestre."""
        self.write_plan(folder / f"acciones-{actions}", actions, (2,))

    def write_wordy(self, folder, actions, letters):
        """One plan of many actions and one trimestre, with narratives of so many letters."""
        self.write_plan(folder / f"narrativas-{actions}", actions, (2,), letters)

    def write_plan(self, folder, actions, quarters, letters=None):
        """A plan and its trimestres, with narratives of so many letters or else about as long as the sample's."""
        folder.mkdir(parents=True)
        entity = self.entities.pop()
        acronym = "".join(word[0] for word in entity.split() if word[0].isupper())
        units = ["Dirección General", *(self.fresh(self.unit) for _ in range(self.units - 1))]
        plan = table("entidad", nombre=entity, sigla=acronym, dependencias=units)
        plan += table("plan", vigencia=YEAR, formato="seguimiento-trimestral", objetivo=(
            f"realizar seguimiento al avance de las metas propuestas por la entidad {entity} para la vigencia {YEAR}."))
        for number in range(1, actions + 1):
            plan += table("[accion]", **self.action(number, units))
        (folder / "plan.toml").write_text(plan)
        progress = {number: 0 for number in range(1, actions + 1)}
        for quarter in quarters:
            text = table("seguimiento", vigencia=YEAR, trimestre=quarter, fecha_corte=Raw(day(3 * quarter, last=True)))
            length = 0  # what one narrative is too short or too long, the next makes up for
            for number in progress:
                progress[number] += self.chance.randint(0, 25)
                length += letters or self.shape[(number - 1) % len(self.shape)][3] * GROWTH[quarter - 1]
                narrative = self.fresh(lambda: self.narrative(quarter, length, units))
                length -= len(narrative)
                text += table("[avance]", accion=number, porcentual=progress[number], cualitativo=narrative)
            (folder / f"trimestre-{quarter}.toml").write_text(text)

    # ---- Texts ----

    def action(self, number, units):
        name, responsible, indicator, _ = self.shape[(number - 1) % len(self.shape)]
        measure, most = self.chance.choice(MEASURES)
        return {
            "numero": number,
            "nombre": self.fresh(lambda: self.grow(f"{self.pick(TO_DO)} {self.thing()}", self.name_tails(), name) + "."),
            "responsables": units[:1] + sorted(self.chance.sample(units[1:], responsible - 1)),
            "indicador": self.fresh(lambda: self.indicator(indicator)),
            "unidad_medida": measure,
            "meta": self.chance.randint(1, most) if most else 100,
            "fecha_inicio": Raw(day(self.chance.randint(1, 5))),
            "fecha_fin": Raw(day(self.chance.randint(8, 12), last=True)),
            "seguimiento": "Trimestral",
            "fuente_financiacion": self.pick(("Inversión", "Funcionamiento")),
        }

    def name_tails(self):
        return (
            lambda: f" en los municipios de {self.towns(3)}",
            lambda: f" con {self.actor()}",
            lambda: f", bajo los principios de {both(self.chance.sample(PRINCIPLES, 2))}",
        )

    def indicator(self, length):
        start = self.pick((
            lambda: f"Porcentaje de avance {of(self.thing())}",
            lambda: f"{self.chance.randint(2, 90)} {self.pick(MEETINGS)} en {self.pick(TOWNS)}",
            lambda: f"Avance {of(self.thing())}",
        ))()
        return self.grow(start, (
            lambda: f", con {self.pick(NOUNS)} {of(self.thing())}",
            lambda: f" en {self.towns(2)}",
            lambda: f" (propuesta de {self.thing()[3:]}, recursos, herramientas y {self.pick(THINGS)[3:]})",
        ), length)

    def narrative(self, quarter, length, units):
        """The sentences of a trimestre."""
        sentences = (
            lambda: f"se {self.pick(DONE)} {self.thing()} con {self.actor()} y {self.actor()}",
            lambda: (f"se realizaron {self.chance.randint(2, 48)} {self.pick(MEETINGS)} con la participación de "
                     f"{self.chance.randint(12, 960)} {self.pick(PEOPLE)} de {self.towns(3)}, {self.purpose()}"),
            lambda: (f"se avanzó en {self.pick(NOUNS)} {of(self.thing())}, que alcanzó un {self.chance.randint(5, 98)} % "
                     f"de ejecución con corte al {self.date(quarter)}"),
            lambda: (f"se remitió {to(self.actor())} {self.thing()}, mediante el radicado "
                     f"{YEAR}-{self.chance.randint(1000, 99999)} del {self.date(quarter)}"),
            lambda: (f"se suscribió el convenio No. {self.chance.randint(10, 990)} de {YEAR} con {self.actor()}, por valor de "
                     f"${self.chance.randint(18, 940)}.{self.chance.randint(100, 999)}.000, {self.purpose()}"),
            lambda: f"está en proceso de revisión {self.thing()}, a cargo de la {self.pick(units)}",
            lambda: (f"se desarrollaron las siguientes actividades: 1) {self.pick(NOUNS)} {of(self.thing())}; "
                     f"2) reunión con {self.actor()}, y 3) {self.pick(NOUNS)} {of(self.thing())}"),
        )
        start = f"Durante el {ORDINALS[quarter - 1]} trimestre de {YEAR}, {self.pick(sentences)()}."
        return self.grow(start, (lambda: f" {self.pick(LINKS)}, {self.pick(sentences)()}.",), length)

    # ---- Parts of sentences ----

    def thing(self):
        return f"{self.pick(THINGS)} {of(self.pick(TOPICS))}"

    def actor(self):
        return f"{self.pick(ACTORS)} {self.pick(TOWNS)}"

    def purpose(self):
        verb = self.pick(("fortalecer", "definir", "actualizar", "divulgar", "consolidar", "poner en marcha"))
        return f"con el fin de {verb} {self.thing()}"

    def unit(self):
        return f"{self.pick(UNITS)} {both(self.chance.sample(FIELDS, 2))}"

    def towns(self, count):
        return both(self.chance.sample(TOWNS, count))

    def date(self, quarter):
        month = 3 * (quarter - 1) + self.chance.randint(1, 3)
        return f"{self.chance.randint(1, 28)} de {MONTHS[month - 1]}"

    # ---- Drawing ----

    def pick(self, choices):
        return self.chance.choice(choices)

    def fresh(self, draw):
        """What `draw` gives, once that is something new."""
        while (text := draw()) in self.drawn:
            pass
        self.drawn.add(text)
        return text

    def grow(self, text, tails, length):
        """A text with tails until it is about as long as it should be."""
        while True:
            longer = text + self.pick(tails)()
            if abs(len(longer) - length) >= abs(len(text) - length):
                return text
            text = longer


class Raw(str):
    """A TOML value that is no text, such as a date."""


def table(name, **values):
    """A table of TOML; `[name]` is one of an array. JSON's texts, numbers and lists are TOML's."""
    lines = (f"{key} = {value if isinstance(value, Raw) else json.dumps(value, ensure_ascii=False)}\n"
             for key, value in values.items())
    return f"[{name}]\n{''.join(lines)}\n"


def day(month, last=False):
    """The first or the last day of a month."""
    return f"{YEAR}-{month:02}-{calendar.monthrange(YEAR, month)[1] if last else 1:02}"


def of(noun):
    """`de` before a noun with its article."""
    return f"del {noun[3:]}" if noun.startswith("el ") else f"de {noun}"


def to(noun):
    """`a` before a noun with its article."""
    return f"al {noun[3:]}" if noun.startswith("el ") else f"a {noun}"


def both(names):
    """`A, B y C`, as `A, B e I`."""
    last = f"{'e' if names[-1][0] in 'IÍ' else 'y'} {names[-1]}"
    return f"{', '.join(names[:-1])} {last}"
